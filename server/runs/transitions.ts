import type { RunStatus } from '#shared/runs/schema.ts'

/** Every move a run can make. What is final has none. */
const moves: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'paused', 'failed', 'cancelled'],
  running: ['waiting', 'paused', 'completed', 'failed', 'cancelled'],
  waiting: ['running', 'paused', 'cancelled'],
  paused: ['running', 'cancelled'],
  completed: [],
  failed: [],
  cancelled: [],
}

export const canMove = (from: RunStatus, to: RunStatus) => moves[from].includes(to)

export const isFinal = (status: RunStatus) => moves[status].length === 0

/** A run that any process may execute, once nobody holds its lease. */
export const isRunnable = (status: RunStatus) => status === 'queued' || status === 'running'
