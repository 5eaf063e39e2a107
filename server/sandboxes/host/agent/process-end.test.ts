import { expect, test } from 'vitest'
import { endEvent, wasKilled } from './process-end.ts'

test.each([
  { name: 'by itself', end: { code: 0, signal: null }, why: undefined, event: { exitCode: 0, exited: true, status: 'exit status 0' } },
  {
    name: 'with a code',
    end: { code: 3, signal: null },
    why: undefined,
    event: { exitCode: 3, exited: true, status: 'exit status 3', error: 'exit status 3' },
  },
  {
    name: 'by a signal',
    end: { code: null, signal: 'signal: SIGTERM' },
    why: undefined,
    event: { exitCode: -1, exited: false, status: 'signal: SIGTERM', error: 'signal: SIGTERM' },
  },
  {
    name: 'for its time',
    end: { code: null, signal: 'signal: SIGKILL' },
    why: 'the time limit was reached',
    event: { exitCode: -1, exited: false, status: 'signal: SIGKILL', error: 'the time limit was reached' },
  },
])('a command that ended $name', ({ end, why, event }) => {
  expect(endEvent(end, why)).toEqual({ end: event })
})

test.each([
  { end: { code: null, signal: 'signal: SIGKILL' }, killed: true },
  { end: { code: null, signal: 'signal: 9' }, killed: true },
  { end: { code: 137, signal: null }, killed: true },
  { end: { code: null, signal: 'signal: SIGTERM' }, killed: false },
  { end: { code: 1, signal: null }, killed: false },
])('$end: killed is $killed', ({ end, killed }) => {
  expect(wasKilled(end)).toBe(killed)
})
