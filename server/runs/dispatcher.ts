import { and, eq, inArray } from 'drizzle-orm'
import type { RunId } from '#shared/base/ids.ts'
import { learnLogFields, withOnlyLogFields } from '../base/log-fields.ts'
import type { ProfileContext } from '../profiles/define.ts'
import { appendItems, lockSession, pageItems } from '../sessions/store.ts'
import { queuedMessages } from '../sessions/table.ts'
import { tenantId } from './deps.ts'
import type { RunDeps } from './deps.ts'
import { runEvent } from './events.ts'
import { createExecution } from './execution.ts'
import type { Execution } from './execution.ts'
import { heartbeatMs, isFree, leaseMs } from './lease.ts'
import { endRun } from './lifecycle.ts'
import { executeRun } from './loop.ts'
import { logFieldsOf } from './record.ts'
import type { RunRecord } from './record.ts'
import type { RunProjection } from './run-projection.ts'
import { changeRun, lockRun, runsWithStatus, stoppedSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { runs } from './table.ts'
import { isRunnable } from './transitions.ts'

export type Dispatcher = ReturnType<typeof createDispatcher>

/** Which runs this process executes: takes their leases, keeps them, lets go of them. */
export function createDispatcher(deps: RunDeps, projection: RunProjection, record: Pick<RunRecord, 'begun'>) {
  const { database, clock, log, ownerId } = deps
  const executing = new Map<RunId, { work: Promise<void>; execution: Execution | undefined }>()
  /** Asked for while it was being put down. */
  const again = new Set<RunId>()
  let stopping = false
  let heart: NodeJS.Timeout | undefined

  const free = (row: RunRow) => row.leaseOwner === ownerId || isFree(row, { me: ownerId, now: clock.now(), embedded: database.kind === 'embedded' })

  /** Takes the lease by compare-and-set; undefined when there is nothing to take. */
  async function claim(runId: RunId): Promise<RunRow | undefined> {
    const [known] = await database.db.select().from(runs).where(eq(runs.id, runId))
    if (!known || !isRunnable(known.status) || !free(known)) return undefined
    return database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!run || !isRunnable(run.status) || !free(run)) return undefined
      const now = clock.now()
      return changeRun(tx, run, {
        status: 'running',
        waitingFor: null,
        leaseOwner: ownerId,
        leaseEpoch: run.leaseEpoch + 1,
        leaseExpiresAt: now + leaseMs,
        startedAt: run.startedAt ?? now,
      })
    })
  }

  async function execute(runId: RunId, begun: RunRow | undefined): Promise<void> {
    const row = begun ?? (await claim(runId))
    if (!row) return
    learnLogFields(logFieldsOf(row))
    projection.show(row)
    record.begun(row)
    const causedBy = { id: row.causedBy, name: await projection.personName(row) }
    let execution: Execution
    try {
      const profile = await deps.profiles.resolve({ agentId: row.agentId, tenantId })
      const context: ProfileContext = {
        tenantId,
        userId: row.causedBy,
        sessionId: row.sessionId,
        sessionRef: { projectId: row.projectId, sessionId: row.sessionId, runId },
        sessionStore: { items: async (options) => (await pageItems(database.db, row.sessionId, Math.min(options?.limit ?? 200, 1000))).reverse() },
      }
      const agent = await profile.agentFor(context)
      execution = createExecution({ deps, projection, row, causedBy, agent, context })
    } catch (error) {
      log.error({ runId, err: error }, 'an agent could not be made')
      return failUnmade(row)
    }
    const entry = executing.get(runId)
    if (entry) entry.execution = execution
    if (stopping) execution.end()
    const next = await executeRun(execution)
    await execution.writer.close().catch((error: unknown) => log.warn({ runId, err: error }, 'the session document was not closed'))
    projection.forget(runId)
    if (next) take(next.id, next)
  }

  /** The agent is not there, or its profile fails: the run ends with a clear item. */
  async function failUnmade(row: RunRow): Promise<void> {
    const error = {
      code: 'not_found',
      message: `The agent "${row.agentId}" could not be started. Ask the server admin to check its profile.`,
    }
    const done = await database.transaction(async (tx) => {
      await lockSession(tx, row.sessionId)
      const run = await lockRun(tx, row.id)
      if (run?.leaseEpoch !== row.leaseEpoch || run.status !== 'running') return undefined
      const item = runEvent(row.id, 'run_failed', error.message, clock.now(), { error, detail: { agent: row.agentId } })
      const ended = await endRun(tx, deps, run, { id: row.agentId, name: row.agentId }, { status: 'failed', item, error })
      const stored = await appendItems(tx, row.sessionId, ended.items, clock.now())
      return { stored, changed: await changeRun(tx, run, ended.patch), next: ended.next }
    })
    if (!done) return
    void deps.sessions.publish.items(row.sessionId, done.stored)
    projection.show(done.changed)
    if (done.next) take(done.next.id, done.next)
  }

  /**
   * Executes a run here unless it is executed already, ended, waiting or another process's. Returns at once.
   * @param begun a run that was just begun here, with its lease: it needs no claim
   */
  function take(runId: RunId, begun?: RunRow): void {
    if (stopping) return
    if (executing.has(runId)) {
      again.add(runId)
      return
    }
    const entry: { work: Promise<void>; execution: Execution | undefined } = { work: Promise.resolve(), execution: undefined }
    executing.set(runId, entry)
    // Its own, not those of whoever had it go on.
    entry.work = withOnlyLogFields({ runId }, () => execute(runId, begun))
      .catch((error: unknown) => log.error({ runId, err: error }, 'a run could not be executed now'))
      .then(() => {
        executing.delete(runId)
        if (again.delete(runId)) take(runId)
      })
  }

  /** Takes every run that nobody executes. */
  async function sweep(): Promise<void> {
    for (const row of await runsWithStatus(database.db, ['queued', 'running'])) {
      if (!executing.has(row.id) && free(row)) take(row.id)
    }
  }

  /** Renews leases; learns of what other processes did to our runs. */
  async function beat(): Promise<void> {
    const ids = [...executing.keys()]
    if (ids.length === 0) return
    const kept = await database.db
      .update(runs)
      .set({ leaseExpiresAt: clock.now() + leaseMs })
      .where(and(inArray(runs.id, ids), eq(runs.leaseOwner, ownerId), inArray(runs.status, ['queued', 'running'])))
      .returning({ id: runs.id, sessionId: runs.sessionId, epoch: runs.leaseEpoch })
    const ours = new Map(kept.map((row) => [row.id, row]))
    for (const id of ids) {
      const execution = executing.get(id)?.execution
      if (execution && ours.get(id)?.epoch !== execution.epoch) execution.end()
    }
    const stopped = await stoppedSteps(
      database.db,
      kept.map(({ id }) => id),
    )
    for (const { id, runId, error } of stopped) if (error) executing.get(runId)?.execution?.stopCall(id, error)
    if (database.kind !== 'postgres' || kept.length === 0) return
    const sessionIds = kept.map((row) => row.sessionId)
    const waiting = await database.db
      .select({ sessionId: queuedMessages.sessionId })
      .from(queuedMessages)
      .where(and(inArray(queuedMessages.sessionId, sessionIds), eq(queuedMessages.mode, 'interrupt')))
    for (const { id, sessionId } of kept) {
      if (waiting.some((message) => message.sessionId === sessionId)) executing.get(id)?.execution?.interrupt()
    }
  }

  return {
    count: () => executing.size,
    take,
    sweep,
    execution: (runId: RunId) => executing.get(runId)?.execution,
    /** Their rows are gone: what is executed here stops. */
    endSessions(sessionIds: readonly string[]): void {
      for (const { execution } of executing.values()) if (execution && sessionIds.includes(execution.sessionId)) execution.end()
    },
    start(): void {
      let ticks = 0
      heart = setInterval(() => {
        ticks += 1
        void beat().catch((error: unknown) => log.warn({ err: error }, 'leases could not be renewed'))
        // Another process may have died: its runs are taken over within seconds.
        if (database.kind === 'postgres' && ticks % 2 === 0)
          void sweep().catch((error: unknown) => log.warn({ err: error }, 'runs could not be swept'))
      }, heartbeatMs)
      heart.unref()
    },
    /** Lets go of every run; each goes on when the server is back. */
    async stop(): Promise<void> {
      stopping = true
      clearInterval(heart)
      for (const { execution } of executing.values()) execution?.end()
      await Promise.all([...executing.values()].map((entry) => entry.work))
      await database.db
        .update(runs)
        .set({ leaseOwner: null, leaseExpiresAt: null })
        .where(and(eq(runs.leaseOwner, ownerId), inArray(runs.status, ['queued', 'running'])))
    },
  }
}
