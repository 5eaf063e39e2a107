import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPendingUpdates } from './pending-updates.ts'

const update = (bytes: number) => new Uint8Array(bytes)

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('what comes while a batch is written waits for the next', () => {
  const pending = createPendingUpdates()
  expect([pending.isEmpty(), pending.isDurable(), pending.behind()]).toEqual([true, true, { updates: 0, since: undefined }])
  vi.advanceTimersByTime(10)
  pending.add(update(3))
  vi.advanceTimersByTime(10)
  pending.add(update(4))
  expect(pending.behind()).toEqual({ updates: 2, since: 10 })
  const batch = pending.take()
  expect(batch).toMatchObject({ upTo: 2, weightUpTo: 7, appliedAt: 10 })
  vi.advanceTimersByTime(10)
  pending.add(update(5))
  expect(pending.behind()).toEqual({ updates: 3, since: 10 })
  pending.stored(batch)
  pending.rest()
  expect(pending.behind()).toEqual({ updates: 1, since: 30 })
  expect(pending.counts()).toEqual({ applied: 3, durable: 2, appliedWeight: 12, durableWeight: 7 })
  pending.stored(pending.take())
  expect([pending.isEmpty(), pending.isDurable()]).toEqual([true, true])
})

test('what is given up is not durable', () => {
  const pending = createPendingUpdates()
  pending.add(update(1))
  pending.drop()
  expect([pending.isEmpty(), pending.isDurable()]).toEqual([true, false])
})
