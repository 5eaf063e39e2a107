import type * as Y from 'yjs'
import { asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createTreeWatcher } from './tree-watcher.ts'
import type { TreeWatcher } from './tree-watcher.ts'

export type FileTree = {
  /** Holds these folders in the live tree; resolves when they are in the document. Starts the sandbox. */
  expand(projectId: ProjectId, paths: FolderPath[]): Promise<void>
  stop(): Promise<void>
}

const folders = (doc: Y.Doc) => doc.getMap<FolderListing>('folders')
const meta = (doc: Y.Doc) => doc.getMap<unknown>('meta')

/**
 * Projects the workspace and the sandbox's state into `project/<id>`. The tree is live while somebody is in the room;
 * at other times the document keeps it as it was last seen.
 */
export function createFileTree(deps: { sandboxes: Sandboxes; documents: Documents; log: Logger }): FileTree {
  const { sandboxes, documents } = deps
  const log = deps.log.child({ part: 'file tree' })
  const rooms = new Map<ProjectId, TreeWatcher>()
  let stopped = false

  const nameOf = (projectId: ProjectId) => ({ kind: 'project' as const, projectId })

  async function writeDoc(projectId: ProjectId, change: (doc: Y.Doc) => void): Promise<void> {
    if (stopped) return
    try {
      await documents.write(nameOf(projectId), change)
    } catch (thrown) {
      // A project may be deleted at any moment; nothing is left to show then.
      const { code } = asAppError(thrown)
      if (code !== 'not_found' && code !== 'unavailable') throw thrown
    }
  }

  function setSandbox(doc: Y.Doc, state: SandboxState): void {
    if (JSON.stringify(meta(doc).get('sandbox')) !== JSON.stringify(state)) meta(doc).set('sandbox', state)
  }

  /** The project's room in memory; its folders are those that the document holds. */
  function roomOf(projectId: ProjectId): TreeWatcher {
    const known = rooms.get(projectId)
    if (known) return known
    const made = createTreeWatcher({
      log: log.child({ projectId }),
      sandbox: () => sandboxes.get(projectId),
      isRunning: async () => (await sandboxes.state(projectId)).status === 'running',
      async foldersInDocument() {
        let paths: FolderPath[] = []
        await writeDoc(projectId, (doc) => (paths = [...folders(doc).keys()].filter((path) => FolderPath.safeParse(path).success) as FolderPath[]))
        return paths
      },
      publish: (changed, gone) =>
        writeDoc(projectId, (doc) => {
          const map = folders(doc)
          for (const path of gone) map.delete(path)
          for (const listing of changed) {
            if (JSON.stringify(map.get(listing.path)) !== JSON.stringify(listing)) map.set(listing.path, listing)
          }
        }),
    })
    rooms.set(projectId, made)
    return made
  }

  documents.onLoad('project', async ({ projectId }, doc) => setSandbox(doc, await sandboxes.state(projectId)))

  sandboxes.onState((projectId, state) => {
    if (stopped) return
    if (documents.isLoaded(nameOf(projectId))) {
      writeDoc(projectId, (doc) => setSandbox(doc, state)).catch((err: unknown) => log.warn({ projectId, err }, "a sandbox's state was not shown"))
    }
    rooms.get(projectId)?.sandboxChanged(state.status === 'running')
  })

  documents.onPeople((projectId, people) => {
    if (stopped) return
    const room = rooms.get(projectId)
    if (people.length === 0) {
      rooms.delete(projectId)
      void room?.close()
    } else if (!room) {
      // Of everybody in the room, not of whoever came first.
      void withOnlyLogFields({ projectId }, () => enter(projectId))
    }
  })

  /** The first person comes in: the sandbox is started in the background where that costs nothing. */
  async function enter(projectId: ProjectId): Promise<void> {
    const room = roomOf(projectId)
    try {
      const { status, isolation } = await sandboxes.state(projectId)
      if (status === 'off' || isolation === 'unavailable') return
      if (status === 'stopped' && isolation !== 'cloud') await sandboxes.get(projectId)
      room.sandboxChanged((await sandboxes.state(projectId)).status === 'running')
    } catch (thrown) {
      // The state, shown in the room, says what is wrong.
      log.debug({ projectId, err: thrown }, 'the sandbox did not start for a visitor')
    }
  }

  return {
    async expand(projectId, paths) {
      await roomOf(projectId).expand(paths)
      if (documents.peopleIn(projectId).length > 0) return
      const room = rooms.get(projectId)
      rooms.delete(projectId)
      await room?.close()
    },
    async stop() {
      stopped = true
      const closing = [...rooms.values()].map((room) => room.close())
      rooms.clear()
      await Promise.all(closing)
    },
  }
}
