import { expect, test } from 'vitest'
import { spend } from './inbound-rate.ts'
import { isGone } from './liveness.ts'

test.each([
  { name: 'little has come', budget: { bytes: 1000, at: 0 }, bytes: 400, now: 0, left: 600, waitMs: 0 },
  { name: 'all of it has come', budget: { bytes: 1000, at: 0 }, bytes: 1000, now: 0, left: 0, waitMs: 0 },
  { name: 'more has come: it waits as long as that takes', budget: { bytes: 1000, at: 0 }, bytes: 3000, now: 0, left: -2000, waitMs: 2000 },
  { name: 'half a second gives half', budget: { bytes: -2000, at: 0 }, bytes: 0, now: 500, left: -1500, waitMs: 1500 },
  { name: 'silence saves up a second and no more', budget: { bytes: 0, at: 0 }, bytes: 100, now: 60_000, left: 900, waitMs: 0 },
])('of 1000 bytes a second: $name', ({ budget, bytes, now, left, waitMs }) => {
  expect(spend(budget, bytes, now, 1000)).toEqual({ left: { bytes: left, at: now }, waitMs })
})

test.each([
  { name: 'has answered', seen: { unsent: 0, answered: true, stillMs: 600_000 }, gone: false },
  { name: 'has not answered', seen: { unsent: 0, answered: false, stillMs: 0 }, gone: true },
  { name: 'is slow to take what comes', seen: { unsent: 1, answered: false, stillMs: 60_000 }, gone: false },
  { name: 'takes nothing', seen: { unsent: 1, answered: true, stillMs: 60_001 }, gone: true },
])('a viewer that $name is gone: $gone', ({ seen, gone }) => {
  expect(isGone(seen)).toBe(gone)
})
