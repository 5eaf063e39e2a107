import { describe, expect, test } from 'vitest'
import type { SandboxStatus } from '#shared/sandboxes/schema.ts'
import { dueWhileAsleep, isIdle, isInUse, nextRetry, timeGiven } from './room-rules.ts'

const minute = 60_000

test.each([
  { people: 0, holds: 0, used: false },
  { people: 1, holds: 0, used: true },
  { people: 0, holds: 1, used: true },
])('with $people people and $holds commands it is in use: $used', ({ people, holds, used }) => {
  expect(isInUse({ holds }, people)).toBe(used)
})

test.each([
  { name: 'used a while ago, nobody there', people: 0, holds: 0, usedAt: 0, idle: true },
  { name: 'used just now', people: 0, holds: 0, usedAt: 1, idle: false },
  { name: 'Mei sits in the room', people: 1, holds: 0, usedAt: 0, idle: false },
  { name: 'a command goes on', people: 0, holds: 1, usedAt: 0, idle: false },
])('$name: idle is $idle', ({ people, holds, usedAt, idle }) => {
  expect(isIdle({ holds, usedAt }, people, 30 * minute, 30 * minute)).toBe(idle)
})

test('more time is asked for after a third of it, and at the pace of renewing at the latest', () => {
  expect(timeGiven(1000, { idleMs: 15 * minute, renewMs: minute })).toEqual({ endAt: 1000 + 15 * minute, renewAt: 1000 + minute })
  expect(timeGiven(1000, { idleMs: 300, renewMs: minute })).toEqual({ endAt: 1300, renewAt: 1100 })
})

test('each failed start is tried again twice as late, up to a bound', () => {
  const waits: number[] = []
  let retry = { at: 0, times: 0 }
  for (let start = 0; start < 7; start++) {
    retry = nextRetry(retry, 0, 30)
    waits.push(retry.at)
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 480, 480])
  expect(retry.times).toBe(7)
})

describe('what is due while it sleeps', () => {
  const asleep = (status: SandboxStatus, retryAt = 0) =>
    ({ state: { status, isolation: 'namespaces', since: 0 }, retry: { at: retryAt, times: 1 } }) as Parameters<typeof dueWhileAsleep>[0]

  test.each([
    { name: 'paused for long', room: asleep('paused'), people: 0, memoryMs: 100, due: 'drop_memory' },
    { name: 'paused for long, with Mei in the room', room: asleep('paused'), people: 1, memoryMs: 100, due: 'drop_memory' },
    { name: 'paused just now', room: asleep('paused'), people: 0, memoryMs: 101, due: undefined },
    { name: 'paused in a cloud', room: asleep('paused'), people: 0, memoryMs: undefined, due: undefined },
    { name: 'failed, and somebody waits', room: asleep('failed', 100), people: 1, memoryMs: 100, due: 'start_again' },
    { name: 'failed, and nobody waits', room: asleep('failed', 100), people: 0, memoryMs: 100, due: undefined },
    { name: 'failed too shortly before', room: asleep('failed', 101), people: 1, memoryMs: 100, due: undefined },
    { name: 'stopped', room: asleep('stopped'), people: 1, memoryMs: 100, due: undefined },
    { name: 'waiting for a place', room: asleep('waiting'), people: 1, memoryMs: 100, due: undefined },
  ])('$name: $due', ({ room, people, memoryMs, due }) => {
    expect(dueWhileAsleep(room, { people, now: 100, memoryMs })).toBe(due)
  })
})
