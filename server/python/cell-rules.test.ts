import { expect, test } from 'vitest'
import type { CellId, UserId } from '#shared/base/ids.ts'
import type { Cell } from '#shared/python/schema.ts'
import { endOf, finished, lost, queuedCell, running } from './cell-rules.ts'

const ada = { kind: 'user', id: 'usr_ada' as UserId, name: 'Ada' } as const
const cell: Cell = { ...queuedCell({ id: 'tides' as CellId, author: ada, code: '1', context: 'main' }, 1), seq: 7 }
const error = { name: 'KeyboardInterrupt', value: '', traceback: '' }

test.each([
  { name: 'ran to its end', outcome: { interrupted: false, executionCount: 3 }, stopped: false, end: { status: 'ok', count: 3 } },
  {
    name: 'ran to its end before it was stopped',
    outcome: { interrupted: false, executionCount: 3 },
    stopped: true,
    end: { status: 'ok', count: 3 },
  },
  { name: 'raised', outcome: { error, interrupted: false, executionCount: 3 }, stopped: false, end: { status: 'failed', count: 3 } },
  { name: 'was interrupted', outcome: { error, interrupted: true, executionCount: 3 }, stopped: false, end: { status: 'interrupted', count: 3 } },
  {
    name: 'raised for being stopped',
    outcome: { error, interrupted: false, executionCount: undefined },
    stopped: true,
    end: { status: 'interrupted', count: null },
  },
])('a cell that $name', ({ outcome, stopped, end }) => {
  expect(endOf({ timedOut: false, ...outcome }, stopped)).toEqual(end)
})

test('a cell waits, runs and ends', () => {
  expect(cell).toMatchObject({ status: 'queued', createdAt: 1, startedAt: null, finishedAt: null, outputs: [] })
  const began = running(cell, 2)
  expect(began).toMatchObject({ status: 'running', startedAt: 2, finishedAt: null })
  const put = { outputs: [{ type: 'stream' as const, name: 'stdout' as const, text: 'high' }], truncated: true }
  expect(finished(began, put, { status: 'ok', count: 4 }, 3)).toEqual({ ...began, ...put, status: 'ok', count: 4, finishedAt: 3 })
  expect(lost(began, 3)).toEqual({ ...began, status: 'lost', finishedAt: 3 })
})
