import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { ItemId, RunId, StepId, WaitId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Db } from '../db/port.ts'
import type { SessionChange } from '../sessions/changes.ts'
import type { NewItem } from '../sessions/store.ts'
import { agentOf, endedCall, openCall } from './state.ts'
import { changeRun, changeStep, findStep, lockRun } from './store.ts'
import type { RunRow } from './store.ts'
import { steps, waits } from './table.ts'
import type { WaitOutcome, WaitSubject } from './wait.ts'

export type WaitRow = typeof waits.$inferSelect

/** The call waits from now on; the step's own row says `waiting` as well. */
export async function openWait(tx: Db, step: { id: StepId; runId: RunId }, subject: WaitSubject, now: number): Promise<void> {
  const dueAt = subject.kind === 'timer' ? subject.until : null
  await tx.insert(waits).values({ id: newId<WaitId>('wai', now), runId: step.runId, stepId: step.id, subject, createdAt: now, dueAt })
}

/** What a run's calls wait for, in the order of the calls. */
export async function openWaits(db: Db, runId: RunId): Promise<WaitRow[]> {
  const rows = await db
    .select({ wait: waits })
    .from(waits)
    .innerJoin(steps, eq(steps.id, waits.stepId))
    .where(and(eq(waits.runId, runId), isNull(waits.resolvedAt)))
    .orderBy(asc(steps.turn), asc(steps.index))
  return rows.map(({ wait }) => wait)
}

export async function findWait(db: Db, id: WaitId): Promise<WaitRow | undefined> {
  return (await db.select().from(waits).where(eq(waits.id, id)))[0]
}

/** What a call waits for now. */
export async function waitOfStep(db: Db, stepId: StepId): Promise<WaitRow | undefined> {
  return (
    await db
      .select()
      .from(waits)
      .where(and(eq(waits.stepId, stepId), isNull(waits.resolvedAt)))
  )[0]
}

export async function waitForQuestion(db: Db, runId: RunId, itemId: ItemId): Promise<WaitRow | undefined> {
  return (await openWaits(db, runId)).find(({ subject }) => subject.kind === 'question' && subject.itemId === itemId)
}

/** The call of another run that waits for the end of this one. */
export async function waitForChild(db: Db, runId: RunId): Promise<WaitRow | undefined> {
  return (
    await db
      .select()
      .from(waits)
      .where(and(isNull(waits.resolvedAt), sql`${waits.subject}->>'kind' = 'child'`, sql`${waits.subject}->>'runId' = ${runId}`))
  )[0]
}

/** Waits whose time has come. */
export async function dueWaits(db: Db, now: number): Promise<WaitId[]> {
  const rows = await db
    .select({ id: waits.id })
    .from(waits)
    .where(and(isNull(waits.resolvedAt), lte(waits.dueAt, now)))
    .limit(100)
  return rows.map(({ id }) => id)
}

/** Ends what these calls wait for, since the calls have ended. @returns the waits that ended */
export async function withdrawWaits(tx: Db, stepIds: readonly StepId[], now: number): Promise<WaitRow[]> {
  if (stepIds.length === 0) return []
  return tx
    .update(waits)
    .set({ resolvedAt: now, outcome: 'withdrawn' satisfies WaitOutcome['kind'] })
    .where(and(inArray(waits.stepId, [...stepIds]), isNull(waits.resolvedAt)))
    .returning()
}

/** From waiting to running; its room's owner goes on. A paused run stays paused. */
export async function wakeRun(tx: Db, runId: RunId): Promise<RunRow | undefined> {
  const run = await lockRun(tx, runId)
  return run?.status === 'waiting' ? changeRun(tx, run, { status: 'running' }) : run
}

/** What the end of a wait comes to: items to be stored, what its session shows, and the run that goes on. */
export type Resumed = { items: NewItem[]; changes: SessionChange[]; run: RunRow }

/**
 * Ends a wait, within a transaction that holds the session: the call runs, or has ended, and its run is woken. The only way on for
 * a call that waits.
 * @returns undefined when the wait was ended before: nothing was changed then
 */
export async function resumeWait(tx: Db, wait: WaitRow, outcome: WaitOutcome, now: number): Promise<Resumed | undefined> {
  const ended = await tx
    .update(waits)
    .set({ resolvedAt: now, outcome: outcome.kind })
    .where(and(eq(waits.id, wait.id), isNull(waits.resolvedAt)))
    .returning({ id: waits.id })
  const step = ended.length > 0 ? await findStep(tx, wait.stepId) : undefined
  if (step?.status !== 'waiting') return undefined
  const run = await wakeRun(tx, wait.runId)
  if (!run) return undefined
  const agent = agentOf(run)
  const items: NewItem[] = []
  const changes: SessionChange[] = []
  switch (outcome.kind) {
    case 'go': {
      const args = outcome.args === undefined ? step.args : outcome.args
      await changeStep(tx, step.id, { status: 'queued', args })
      changes.push({ kind: 'open_call', item: openCall({ ...step, args }, agent, 'queued') })
      break
    }
    case 'result':
      await changeStep(tx, step.id, { status: 'ok', result: outcome.value, finishedAt: now })
      items.push(endedCall(step, agent, { status: 'ok', result: outcome.value }, now))
      break
    case 'refused': {
      const { status, error } = outcome
      await changeStep(tx, step.id, { status, error, finishedAt: now })
      items.push(endedCall(step, agent, { status, error }, now))
      break
    }
    case 'withdrawn':
      break
  }
  return { items, changes, run }
}
