import { AppError } from '#shared/base/errors.ts'
import type { Documents, OpenDocument } from '../sync/port.ts'

/**
 * Opens a document for work that must end before the document is loaded anew. Whoever still waits for it when `end` is called is told
 * `unavailable`: the new load waits for this work, so that waiting for the new load would be a deadlock.
 */
export function createCancellableOpen(documents: Documents, name: Parameters<Documents['open']>[0]) {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  ended.catch(() => undefined)
  let isEnded = false
  return {
    async open(): Promise<OpenDocument> {
      if (isEnded) return ended
      const opening = documents.open(name)
      try {
        return await Promise.race([opening, ended])
      } catch (error) {
        void opening.then(
          (late) => late.close(),
          () => undefined,
        )
        throw error
      }
    },
    end(): void {
      isEnded = true
      reject(new AppError('unavailable', 'This document is closed.'))
    },
  }
}
