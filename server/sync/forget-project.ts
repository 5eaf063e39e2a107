import { asAppError } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { bytesOfHistory, documentsWithOlder } from './history-store.ts'
import type { DocumentHistory, ForgottenDocuments } from './port.ts'
import type { Rooms } from './rooms.ts'

const page = 50

export function createDocumentHistory({ database, rooms, log }: { database: Database; rooms: Rooms; log: Logger }): DocumentHistory {
  return {
    forget: (projectId, before, enough) =>
      rooms.keep(projectId, async (forget) => {
        const total: ForgottenDocuments = { documents: 0, failed: 0, updates: 0, bytes: 0, writtenBytes: 0, done: true }
        let after = ''
        while (true) {
          const names = await documentsWithOlder(database, projectId, before, after, page)
          for (const name of names) {
            if (enough()) return { ...total, done: false }
            try {
              const { updates, bytes, writtenBytes } = await forget(name, before)
              total.documents += 1
              total.updates += updates
              total.bytes += bytes
              total.writtenBytes += writtenBytes
            } catch (error) {
              const { code } = asAppError(error)
              if (code === 'not_found') return total
              // The room is another process's, or this one stops.
              if (code === 'unavailable') return { ...total, done: false }
              total.failed += 1
              log.error({ err: error, projectId, document: name }, 'the history of a document could not be shortened')
            }
            after = name
          }
          if (names.length < page) return total
        }
      }),
    bytes: (projectId) => bytesOfHistory(database, projectId),
  }
}
