import { afterEach, expect, test, vi } from 'vitest'
import { groupSessions } from './group-sessions.ts'

const at = (text: string) => new Date(text).getTime()
const shown = (times: readonly string[], now: string) =>
  groupSessions(
    times.map((time) => ({ updatedAt: at(time), time })),
    at(now),
  ).map(({ key, sessions }) => [key, sessions.length])

afterEach(() => vi.unstubAllEnvs())

test('sessions stand under the day of their last activity, older ones under their month', () => {
  vi.stubEnv('TZ', 'Europe/Madrid')
  const times = [
    '2026-11-29T00:00:00+01:00',
    '2026-11-28T23:59:59+01:00',
    '2026-11-27T12:00:00+01:00',
    '2026-11-22T00:00:00+01:00',
    '2026-11-21T23:59:59+01:00',
    '2026-10-02T12:00:00+02:00',
    '2025-12-24T12:00:00+01:00',
  ]
  expect(shown(times, '2026-11-29T09:00:00+01:00')).toEqual([
    ['today', 1],
    ['yesterday', 1],
    ['week', 2],
    ['month 2026 10', 1],
    ['month 2026 9', 1],
    ['month 2025 11', 1],
  ])
})

test('the days are those of the person’s time zone, also when a day has 25 hours', () => {
  vi.stubEnv('TZ', 'Europe/Madrid')
  expect(shown(['2026-10-25T00:30:00+02:00', '2026-10-24T23:30:00+02:00'], '2026-10-25T23:30:00+01:00')).toEqual([
    ['today', 1],
    ['yesterday', 1],
  ])
  vi.stubEnv('TZ', 'Asia/Shanghai')
  expect(shown(['2026-11-28T17:00:00Z', '2026-11-28T15:00:00Z'], '2026-11-29T01:00:00Z')).toEqual([
    ['today', 1],
    ['yesterday', 1],
  ])
})

test('a clock that is behind the server’s shows the newest as today', () => {
  expect(shown(['2026-11-29T09:05:00Z'], '2026-11-29T09:00:00Z')).toEqual([['today', 1]])
})
