import { finalRunStatuses, type RunState } from '#shared/runs/schema.ts'

/** Whether a run goes on, or waits for people. */
export const isActive = (run: RunState | undefined): boolean => run !== undefined && !finalRunStatuses.includes(run.status)
