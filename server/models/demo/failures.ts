import { createHash } from 'node:crypto'
import type { PlannedFailure } from './intent.ts'
import type { WireRequest } from './wire.ts'

/** Conversations remembered; the oldest is forgotten. */
const maxRemembered = 500

/** Counts how often one and the same request was refused: "fail twice, then answer" must outlive a retry. */
export function createFailures() {
  const refused = new Map<string, number>()
  return {
    shouldFail(request: WireRequest, failure: PlannedFailure): boolean {
      if (failure.times === undefined) return true
      const key = createHash('sha256').update(JSON.stringify(request.messages)).digest('base64')
      const times = refused.get(key) ?? 0
      refused.delete(key)
      if (times >= failure.times) return false
      refused.set(key, times + 1)
      const oldest = refused.keys().next().value
      if (refused.size > maxRemembered && oldest !== undefined) refused.delete(oldest)
      return true
    },
  }
}
