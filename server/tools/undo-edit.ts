import { AppError } from '#shared/base/errors.ts'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import type { Files } from '../files/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Sessions } from '../sessions/service.ts'
import { undoPatch, type Undone } from './undo-patch.ts'

type Deps = { sessions: Pick<Sessions, 'items'>; files: Files; sandboxes: Pick<Sandboxes, 'get'> }

/**
 * Takes back what one `edit_file` or `write_file` of an agent changed, as an edit of the person who asks. Where it stands now is
 * found by its lines; a file that the call made goes. Again: nothing changes.
 */
export function createUndoEdit({ sessions, files, sandboxes }: Deps) {
  async function callOf(sessionId: SessionId, itemId: ItemId): Promise<ToolCallItem> {
    const { items } = await sessions.items(sessionId, 1, { around: itemId })
    const item = items.find(({ id }) => id === itemId)
    if (item?.type !== 'tool_call' || item.status !== 'ok' || (item.name !== 'edit_file' && item.name !== 'write_file'))
      throw new AppError('invalid_input', 'Only a successful file edit can be undone.')
    return item
  }

  /**
   * @throws AppError `not_found` when the item or the file is gone; `conflict` when people changed the place since, and nothing was
   * undone; `invalid_input` for what is no edit, or was too long to be kept
   */
  return async (projectId: ProjectId, sessionId: SessionId, itemId: ItemId, by: FileAuthor): Promise<{ path: FilePath; changed: boolean }> => {
    const item = await callOf(sessionId, itemId)
    const result = fieldsOf(item.result)
    const args = fieldsOf(item.args)
    const path = FilePath.parse(result.path)
    const sandbox = await sandboxes.get(projectId)
    if (result.created === true) {
      await files.settle(projectId, path)
      const there = await sandbox.files.stat(path).catch(() => undefined)
      if (!there) return { path, changed: false }
      if ((await files.read(projectId, path)).text !== args.content) throw changedSince(path)
      files.diskChanged(projectId, [path], by)
      await sandbox.files.remove(path)
      files.diskChanged(projectId, [path])
      return { path, changed: true }
    }
    const undo = inverseOf(item.name, result, args)
    if (!undo) throw new AppError('invalid_input', `The change to ${path} is too long to undo here.`)
    let outcome: Undone = { changed: true }
    await files.edit(projectId, path, by, (now) => {
      outcome = undo(now)
      return 'undone' in outcome ? outcome.undone : undefined
    })
    // Assigned while the file was held.
    const ended = outcome as Undone
    if ('changed' in ended) throw changedSince(path)
    return { path, changed: 'undone' in ended }
  }
}

const changedSince = (path: string) => new AppError('conflict', `${path} has changed at that place since, so nothing was undone.`)

const fieldsOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})

/** From what was kept of the change; undefined where that is too little. */
function inverseOf(tool: string, { diff, removed }: Record<string, unknown>, args: Record<string, unknown>): ((now: string) => Undone) | undefined {
  if (typeof diff === 'string') return (now) => undoPatch(now, diff)
  const [old, written] = tool === 'edit_file' ? [args.old, args.new] : ['', removed === 0 ? args.content : undefined]
  if (typeof old !== 'string' || typeof written !== 'string' || written === '') return undefined
  return (now) => {
    const at = now.indexOf(written)
    if (tool === 'write_file') return now === written ? { undone: old } : now === old ? { already: true } : { changed: true }
    if (at < 0) return now.includes(old) ? { already: true } : { changed: true }
    // More than one place could be meant.
    return now.includes(written, at + 1) ? { changed: true } : { undone: now.slice(0, at) + old + now.slice(at + written.length) }
  }
}
