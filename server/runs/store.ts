import { and, asc, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { AgentId, RunId, SessionId, StepId } from '#shared/base/ids.ts'
import type { RunStatus } from '#shared/runs/schema.ts'
import type { Db } from '../db/port.ts'
import { clean } from '../sessions/clean.ts'
import { hasInterrupt } from '../sessions/queries.ts'
import { runs, steps } from './table.ts'
import { canMove } from './transitions.ts'

export type RunRow = typeof runs.$inferSelect
export type RunPatch = Partial<Omit<typeof runs.$inferInsert, 'id' | 'version'>>
export type StepRow = typeof steps.$inferSelect

/** The run is no longer this process's to change: it ended, waits, or another process took it over. */
export class RunMoved extends Error {
  override name = 'RunMoved'
}

export async function findRun(db: Db, id: RunId): Promise<RunRow | undefined> {
  return (await db.select().from(runs).where(eq(runs.id, id)))[0]
}

/** Holds the row until the transaction ends. Lock the session before. */
export async function lockRun(tx: Db, id: RunId): Promise<RunRow | undefined> {
  return (await tx.select().from(runs).where(eq(runs.id, id)).for('update'))[0]
}

export async function insertRun(tx: Db, row: typeof runs.$inferInsert): Promise<RunRow> {
  const [inserted] = await tx.insert(runs).values(row).returning()
  if (!inserted) throw new Error('the run was not stored')
  return inserted
}

/**
 * Changes a run by compare-and-set on its version.
 * @throws RunMoved when somebody changed it in between; Error for a move that the state machine does not know
 */
export async function changeRun(tx: Db, row: RunRow, patch: RunPatch): Promise<RunRow> {
  if (patch.status && patch.status !== row.status && !canMove(row.status, patch.status)) {
    throw new Error(`a run cannot go from ${row.status} to ${patch.status}`)
  }
  const [changed] = await tx
    .update(runs)
    .set({ ...patch, version: row.version + 1 })
    .where(and(eq(runs.id, row.id), eq(runs.version, row.version)))
    .returning()
  if (!changed) throw new RunMoved(`run ${row.id} was changed by somebody else`)
  return changed
}

export async function runsWithStatus(db: Db, statuses: RunStatus[]): Promise<RunRow[]> {
  return db.select().from(runs).where(inArray(runs.status, statuses)).orderBy(asc(runs.createdAt))
}

/** The run of an agent that goes on in a session; not one that another run began there. */
export async function activeRun(db: Db, sessionId: SessionId, agentId: AgentId): Promise<RunRow | undefined> {
  const [row] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.sessionId, sessionId), eq(runs.agentId, agentId), isNull(runs.endedAt), isNull(runs.parentRunId)))
  return row
}

/** Runs of a session that go on, in the order in which they began. */
export async function activeRuns(db: Db, sessionId: SessionId): Promise<RunRow[]> {
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.sessionId, sessionId), isNull(runs.endedAt)))
    .orderBy(asc(runs.createdAt), asc(runs.id))
}

export async function findRuns(db: Db, ids: readonly RunId[]): Promise<RunRow[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(runs)
    .where(inArray(runs.id, [...ids]))
}

/** The run that began this one, the one that began that, and so on to the first. */
export async function parentsOf(db: Db, id: RunId): Promise<RunId[]> {
  const parents: RunId[] = []
  for (let at: RunId | null | undefined = id; at && parents.length < maxDepth;) {
    const [row]: { parent: RunId | null }[] = await db.select({ parent: runs.parentRunId }).from(runs).where(eq(runs.id, at))
    at = row?.parent
    if (at) parents.push(at)
  }
  return parents
}

/** How many runs may be begun one by the other. */
export const maxDepth = 4

/** Runs that another one began and that go on, each locked. */
export async function childrenOf(tx: Db, id: RunId): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(and(eq(runs.parentRunId, id), isNull(runs.endedAt)))
    .for('update')
}

/** Runs that wait for people while a message that interrupts waits to be read. */
export async function interruptedWaits(db: Db): Promise<RunId[]> {
  const rows = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.status, 'waiting'), hasInterrupt(runs.sessionId, runs.agentId)))
  return rows.map((row) => row.id)
}

export async function insertSteps(tx: Db, rows: (typeof steps.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(steps).values(rows.map((row) => ({ ...row, ...(row.args !== undefined && { args: clean(row.args) }) })))
}

/** Steps without an end, in their order. */
export async function openSteps(db: Db, runId: RunId): Promise<StepRow[]> {
  return db
    .select()
    .from(steps)
    .where(and(eq(steps.runId, runId), isNull(steps.finishedAt)))
    .orderBy(asc(steps.turn), asc(steps.index))
}

export async function findStep(db: Db, id: StepId): Promise<StepRow | undefined> {
  return (await db.select().from(steps).where(eq(steps.id, id)))[0]
}

/** What the recorded model calls of some runs keep. */
export async function modelResults(db: Db, runIds: readonly RunId[]): Promise<Pick<StepRow, 'runId' | 'turn' | 'result'>[]> {
  if (runIds.length === 0) return []
  return db
    .select({ runId: steps.runId, turn: steps.turn, result: steps.result })
    .from(steps)
    .where(and(inArray(steps.runId, [...runIds]), eq(steps.kind, 'model'), isNotNull(steps.result)))
}

export async function changeStep(tx: Db, id: StepId, patch: Partial<Omit<typeof steps.$inferInsert, 'id' | 'runId'>>): Promise<void> {
  await tx.update(steps).set(clean(patch)).where(eq(steps.id, id))
}
