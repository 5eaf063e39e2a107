import { CommandExitError } from 'e2b'
import { expect, test } from 'vitest'
import { endOf } from './e2b-commands.ts'

const exit = (exitCode: number, error?: string) => new CommandExitError({ exitCode, stdout: '', stderr: '', ...(error !== undefined && { error }) })
const broken = new Error('terminated')

test.each([
  { name: 'by itself', thrown: undefined, timedOut: false, killed: false, end: { exitCode: 0, timedOut: false, killed: false } },
  { name: 'with a code', thrown: exit(3, 'exit status 3'), timedOut: false, killed: false, end: { exitCode: 3, timedOut: false, killed: false } },
  { name: 'killed', thrown: exit(-1, 'signal: SIGKILL'), timedOut: false, killed: true, end: { exitCode: -1, timedOut: false, killed: true } },
  { name: 'past its time', thrown: exit(-1, 'signal: SIGKILL'), timedOut: true, killed: true, end: { exitCode: -1, timedOut: true, killed: false } },
  { name: 'with its sandbox', thrown: broken, timedOut: false, killed: false, end: { exitCode: -1, timedOut: false, killed: true } },
  { name: 'with its sandbox, past its time', thrown: broken, timedOut: true, killed: true, end: { exitCode: -1, timedOut: true, killed: false } },
  {
    name: 'for memory',
    thrown: exit(137, 'memory ran out'),
    timedOut: false,
    killed: false,
    end: { exitCode: 137, timedOut: false, killed: false, reason: 'memory ran out' },
  },
])('a command that ended $name', ({ thrown, timedOut, killed, end }) => {
  expect(endOf({ thrown, timedOut, killed, isLocal: true })).toEqual(end)
})

test('only the local host is asked why, and its words are cut', () => {
  const ended = { thrown: exit(1, 'x'.repeat(500)), timedOut: false, killed: false }
  expect(endOf({ ...ended, isLocal: false })).toEqual({ exitCode: 1, timedOut: false, killed: false })
  expect(endOf({ ...ended, isLocal: true }).reason?.length).toBeLessThanOrEqual(201)
})
