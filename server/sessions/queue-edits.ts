import { AppError } from '#shared/base/errors.ts'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import type { Database } from '../db/port.ts'
import { cleanText } from './clean.ts'
import type { Person, RunPort } from './port.ts'
import type { Publisher } from './publisher.ts'
import { editQueued, placeQueued, removeQueued } from './queue.ts'
import { lockSession } from './store.ts'

/** `before` is another message that waits; null puts it last. */
type QueueEdit = { text?: string; mode?: QueuedMessage['mode']; before?: ItemId | null }

/** What people do to messages that wait. */
export function createQueueEdits({ database, publish, runs }: { database: Database; publish: Publisher; runs(): RunPort }) {
  return {
    /** @throws `conflict` when it was already read. */
    async editQueued(sessionId: SessionId, id: ItemId, by: Person, patch: QueueEdit): Promise<QueuedMessage> {
      const { edited, runId } = await database.transaction(async (tx) => {
        const session = await lockSession(tx, sessionId)
        const before = session && (await editQueued(tx, sessionId, id, {}))
        if (!session || !before) throw new AppError('conflict', 'This message was already read or removed.')
        const text = patch.text === undefined ? undefined : cleanText(patch.text)
        const foreign = text !== undefined && text !== before.text && by.id !== before.author.id
        const edited = await editQueued(tx, sessionId, id, {
          ...(text !== undefined && { text }),
          ...(patch.mode && { mode: patch.mode }),
          ...(foreign && { editedBy: by.id }),
        })
        if (patch.before !== undefined) await placeQueued(tx, sessionId, id, patch.before)
        return { edited: edited ?? before, runId: (await runs().activeRun(tx, session, before.agentId))?.id }
      })
      await publish.show(sessionId, [publish.queueOf(sessionId)])
      if (runId && patch.mode) runs().queued(runId)
      return edited
    },

    /** @throws `conflict` when it was already read. */
    async removeQueued(sessionId: SessionId, id: ItemId): Promise<void> {
      const removed = await database.transaction(async (tx) => {
        await lockSession(tx, sessionId)
        return removeQueued(tx, sessionId, id)
      })
      if (!removed) throw new AppError('conflict', 'This message was already read or removed.')
      await publish.show(sessionId, [publish.queueOf(sessionId)])
    },
  }
}
