import type { RunId } from '#shared/base/ids.ts'
import type { RunUsage } from '#shared/runs/schema.ts'
import type { Clock } from '../base/clock.ts'
import { logFields, withLogFields } from '../base/log-fields.ts'
import type { LogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Metrics } from '../metrics/service.ts'
import type { RunDeps } from './deps.ts'
import type { RunRow } from './store.ts'

/** The log fields of a run: those of the request that accepted it, also after a restart and whoever stops the run. */
export const logFieldsOf = ({ id, requestId, causedBy, projectId, sessionId }: RunRow): LogFields => ({
  requestId: requestId ?? undefined,
  userId: causedBy,
  projectId,
  sessionId,
  runId: id,
})

/** How long somebody waited for it to begin. */
const waitOf = ({ acceptedAt, createdAt }: RunRow, begunAt: number) => Math.max(0, begunAt - (acceptedAt ?? createdAt))

const mostTold = 10_000

/** The two lines that every run has in the log, and what is counted of it. */
export function createRunRecord({ log, metrics, clock }: { log: Logger; metrics: RunDeps['metrics']; clock: Clock }) {
  /** A state may be shown more than once. */
  const told = new Set<RunId>()

  return {
    /** It is executed here from now on: for the first time, or again after it had waited or its process had died. */
    begun(row: RunRow): void {
      if (row.turn > 0) return log.debug({ turn: row.turn }, 'run goes on')
      const waitMs = waitOf(row, clock.now())
      metrics.runStarted(waitMs)
      log.info({ waitMs }, 'run started')
    },
    /** Its end was committed. */
    ended(row: RunRow, { inputTokens, outputTokens }: Pick<RunUsage, 'inputTokens' | 'outputTokens'>): void {
      if (told.has(row.id)) return
      if (told.size >= mostTold) told.clear()
      told.add(row.id)
      const endedAt = row.endedAt ?? clock.now()
      const begunAt = row.startedAt ?? row.createdAt
      metrics.runEnded(row.status, endedAt - begunAt)
      if (row.error) metrics.failed('run', row.error.code as Parameters<Metrics['failed']>[1])
      const line = {
        outcome: row.status,
        ...(row.error && { code: row.error.code }),
        durationMs: endedAt - begunAt,
        waitMs: waitOf(row, begunAt),
        // Each turn makes one.
        modelCalls: row.turn,
        inputTokens,
        outputTokens,
      }
      // Whoever stopped it is another request, which the line names too.
      const by = logFields().requestId
      const stopped = by !== undefined && by !== row.requestId && { endedBy: by }
      withLogFields(logFieldsOf(row), () => log.info({ ...line, ...stopped }, 'run ended'))
    },
  }
}

export type RunRecord = ReturnType<typeof createRunRecord>
