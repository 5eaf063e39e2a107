import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { EventItem, Item } from '#shared/sessions/items.ts'
import type { Db } from '../db/port.ts'
import { lastUsedSession } from '../sessions/queries.ts'
import type { Copy } from './copies.ts'
import type { SandboxPorts } from './port.ts'

/** Stores what people must know of a sandbox that was lost, in the session used last. Undefined where there is none. */
export async function tellOfLoss(
  tx: Db,
  append: SandboxPorts['append'],
  loss: { projectId: ProjectId; copy: Copy | undefined; now: number },
): Promise<{ sessionId: SessionId; items: Item[] } | undefined> {
  const { projectId, copy, now } = loss
  const sessionId = await lastUsedSession(tx, projectId)
  if (!sessionId) return undefined
  const item: Omit<EventItem, 'seq'> = {
    type: 'event',
    id: newId<ItemId>('itm', now),
    createdAt: now,
    finishedAt: now,
    event: 'sandbox_restored',
    text: sentence(copy),
    detail: { files: copy?.files ?? 0, ...(copy && { copiedAt: copy.at, leftOut: copy.leftOut }) },
  }
  const items = await append(tx, sessionId, item, now)
  return items && { sessionId, items }
}

function sentence(copy: Copy | undefined): string {
  if (!copy) return 'The sandbox was lost and replaced. It had no backup, so its files and running programs are gone.'
  const files = copy.files === 1 ? '1 file' : `${copy.files} files`
  const leftOut = copy.leftOut.length > 0 ? ` Too large for the copy and lost: ${copy.leftOut.join(', ')}.` : ''
  return (
    `The sandbox was lost and replaced. ${files} were restored from the backup of ${new Date(copy.at).toISOString()}. ` +
    `Lost: later changes, files that .gitignore leaves out, installed packages and running programs.${leftOut}`
  )
}

/** What a room reads of a sandbox that ended and nobody asked for it. */
export const whyStopped = (forMemory: boolean): string =>
  forMemory
    ? 'The sandbox stopped because memory ran out. It starts again when someone uses it.'
    : 'The sandbox stopped unexpectedly. It starts again when someone uses it.'
