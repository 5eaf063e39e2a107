import type { RunId } from '#shared/base/ids.ts'
import { learnLogFields, withOnlyLogFields } from '../base/log-fields.ts'
import { fence } from '../rooms/service.ts'
import type { Hold } from '../rooms/port.ts'
import { lockSession } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import type { Execution } from './execution.ts'
import { withChildren } from './lifecycle.ts'
import type { Ended } from './lifecycle.ts'
import { executeRun } from './loop.ts'
import { createPreparing } from './prepare.ts'
import { logFieldsOf } from './record.ts'
import type { RunRecord } from './record.ts'
import type { RunProjection } from './run-projection.ts'
import { changeRun, findRun, lockRun, runsWithStatus } from './store.ts'
import type { RunRow } from './store.ts'
import { isRunnable } from './transitions.ts'

export type Dispatcher = ReturnType<typeof createDispatcher>

/** How often runs that nobody executes are looked for, in ms. */
const sweepMs = 2_000

/** Which runs this process executes: those of rooms that it has. */
export function createDispatcher(deps: RunDeps, projection: RunProjection, record: Pick<RunRecord, 'begun'>) {
  const { database, clock, log, leases } = deps
  const executing = new Map<RunId, { work: Promise<void>; execution: Execution | undefined }>()
  /** Asked for again while this process was letting go of it. */
  const again = new Set<RunId>()
  const prepare = createPreparing(deps, projection, { onBegun: (row) => take(row.id, row), onEnded: goOnAfter })
  let stopping = false
  let timer: NodeJS.Timeout | undefined

  /** Makes the run this process's to execute, while it has the run's room; undefined when there is nothing to take. */
  async function claim(known: RunRow, { lease }: Hold): Promise<RunRow | undefined> {
    return database.transaction(async (tx) => {
      await fence(database, tx, lease)
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, known.id))
      if (!run || !isRunnable(run.status)) return undefined
      return changeRun(tx, run, { status: 'running', epoch: run.epoch + 1, startedAt: run.startedAt ?? clock.now() })
    })
  }

  /** @param begun a run that was just begun here: it needs no claim */
  async function execute(runId: RunId, begun: RunRow | undefined): Promise<void> {
    const known = begun ?? (await findRun(database.db, runId))
    if (!known || !isRunnable(known.status)) return
    // Another process that has the room executes it.
    const hold = await leases.tryHold(known.projectId)
    if (!hold) return
    try {
      const row = begun ?? (await claim(known, hold))
      if (row) await executeHere(row, hold)
    } finally {
      hold.release()
    }
  }

  async function executeHere(row: RunRow, { lease }: Hold): Promise<void> {
    learnLogFields(logFieldsOf(row))
    projection.show(row)
    record.begun(row)
    const execution = await prepare(row)
    if (!execution) return
    const entry = executing.get(row.id)
    if (entry) entry.execution = execution
    if (stopping || lease.lost) execution.steps.end()
    await executeRun(execution)
    await execution.writer.close().catch((error: unknown) => log.warn({ runId: row.id, err: error }, 'the session document was not closed'))
    projection.forget(row.id)
  }

  /** Called after the commit that ended a run: wakes the run that waited for it, and stops the runs that ended with it. */
  function goOnAfter(ended: Ended): void {
    if (ended.next) take(ended.next.id, ended.next)
    if (ended.woken) take(ended.woken.id)
    for (const { run } of withChildren(ended).slice(1)) executing.get(run.id)?.execution?.steps.end()
  }

  /**
   * Executes a run here unless it is executed already, ended, waiting, or its room another process's. Returns at once.
   * @param begun a run that was just begun here: it needs no claim
   */
  function take(runId: RunId, begun?: RunRow): void {
    if (stopping) return
    if (executing.has(runId)) {
      again.add(runId)
      return
    }
    const entry: { work: Promise<void>; execution: Execution | undefined } = { work: Promise.resolve(), execution: undefined }
    executing.set(runId, entry)
    // The log fields of the run, not those of the request that woke it.
    entry.work = withOnlyLogFields({ runId }, () => execute(runId, begun))
      .catch((error: unknown) => log.error({ runId, err: error }, 'a run could not be executed now'))
      .then(() => {
        executing.delete(runId)
        if (again.delete(runId)) take(runId)
      })
  }

  /** Takes every run that nobody executes, in rooms that are here or nobody's. */
  async function sweep(): Promise<void> {
    for (const { id } of await runsWithStatus(database.db, ['queued', 'running'])) if (!executing.has(id)) take(id)
  }

  leases.onLost((projectId) => {
    for (const { execution } of executing.values()) if (execution?.projectId === projectId) execution.steps.end()
  })

  return {
    count: () => executing.size,
    isExecuting: (runId: RunId) => executing.has(runId),
    take,
    goOnAfter,
    sweep,
    execution: (runId: RunId) => executing.get(runId)?.execution,
    /** Their rows are gone: what is executed here stops. */
    endSessions(sessionIds: readonly string[]): void {
      for (const { execution } of executing.values()) if (execution && sessionIds.includes(execution.sessionId)) execution.steps.end()
    },
    start(): void {
      // Another process may have died: its runs are taken over within seconds. What the database kept from going on is taken up as well.
      if (database.kind !== 'postgres') return
      timer = setInterval(() => void sweep().catch((error: unknown) => log.warn({ err: error }, 'runs could not be swept')), sweepMs)
      timer.unref()
    },
    /** Lets go of every run; each goes on when the server is back. */
    async stop(): Promise<void> {
      stopping = true
      clearInterval(timer)
      for (const { execution } of executing.values()) execution?.steps.end()
      await Promise.all([...executing.values()].map((entry) => entry.work))
    },
  }
}
