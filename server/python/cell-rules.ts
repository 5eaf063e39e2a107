import type { CellId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { PythonOutcome } from '../sandboxes/port.ts'

/*
 * What becomes of a cell: it waits, runs, and ends. Pure.
 */

export type NewCell = Pick<Cell, 'author' | 'code' | 'context' | 'call'> & { id?: CellId | undefined }
/** How a cell ended, and the number that Python counted for it. */
export type CellEnd = { status: 'ok' | 'failed' | 'interrupted' | 'lost'; count: number | null }

/** As it waits for its turn. */
export const queuedCell = ({ id, author, code, context, call }: NewCell, now: number): Omit<Cell, 'seq'> => ({
  id: id ?? newId<CellId>('cel', now),
  context,
  author,
  ...(call && { call }),
  code,
  status: 'queued',
  count: null,
  outputs: [],
  truncated: false,
  createdAt: now,
  startedAt: null,
  finishedAt: null,
})

export const running = (cell: Cell, now: number): Cell => ({ ...cell, status: 'running', startedAt: now })

export const finished = (cell: Cell, put: Pick<Cell, 'outputs' | 'truncated'>, end: CellEnd, now: number): Cell => ({
  ...cell,
  ...put,
  ...end,
  finishedAt: now,
})

/** Its end was never stored. */
export const lost = (cell: Cell, now: number): Cell => ({ ...cell, status: 'lost', finishedAt: now })

/** @param stopped somebody wanted it to stop: an error that came of that is none of its own */
export function endOf({ error, interrupted, executionCount }: PythonOutcome, stopped: boolean): CellEnd {
  const status = interrupted || (error && stopped) ? 'interrupted' : error ? 'failed' : 'ok'
  return { status, count: executionCount ?? null }
}
