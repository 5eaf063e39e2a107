import type { Approval } from '#shared/approvals/schema.ts'
import type { RunId, WaitId } from '#shared/base/ids.ts'
import type { QuestionItem } from '#shared/sessions/items.ts'
import type { Db } from '../db/port.ts'
import type { Changes, SessionChange } from '../sessions/changes.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { RunProjection } from './run-projection.ts'
import { agentOf, openCall } from './state.ts'
import { changeRun, changeStep, findRun, findStep, lockRun, openSteps } from './store.ts'
import type { StepRow } from './store.ts'
import { isFinal } from './transitions.ts'
import type { WaitOutcome, WaitSubject } from './wait.ts'
import { dueWaits, findWait, openWait, openWaits, resumeWait, waitForQuestion, waitOfStep } from './waits.ts'
import type { Resumed, WaitRow } from './waits.ts'

/** `shown` and `after` belong after the commit. */
type Went = { items: NewItem[]; shown(): Changes; after(): void }

export type Resume = ReturnType<typeof createResume>

/** Resumes runs that wait. Everything happens in the transaction that ends the wait, so that a run is resumed exactly once. */
export function createResume(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { clock, database } = deps

  const went = (resumed: Resumed | undefined): Went => ({
    items: resumed?.items ?? [],
    shown: () => (resumed ? [...resumed.changes, projection.changed(resumed.run)] : []),
    after: () => resumed && dispatcher.take(resumed.run.id),
  })

  /** Ends waits of one run in a transaction of their own, and goes on. @returns false when none of them was open any more */
  async function end(runId: RunId, choose: (tx: Db) => Promise<WaitRow[]>, outcome: WaitOutcome): Promise<boolean> {
    const known = await findRun(database.db, runId)
    if (!known) return false
    const done = await database.transaction(async (tx) => {
      if (!(await lockSession(tx, known.sessionId))) return undefined
      const ended: Went[] = []
      for (const wait of await choose(tx)) {
        const resumed = await resumeWait(tx, wait, outcome, clock.now())
        if (resumed) ended.push(went(resumed))
      }
      const items = ended.flatMap((one) => one.items)
      return { ended, stored: await appendItems(tx, known.sessionId, items, clock.now()) }
    })
    if (!done || done.ended.length === 0) return false
    void deps.sessions.publish.show(known.sessionId, [{ kind: 'items', items: done.stored }, ...done.ended.flatMap((one) => one.shown())])
    for (const one of done.ended) one.after()
    return true
  }

  const ofKind = (runId: RunId, kind: WaitSubject['kind']) => async (tx: Db) =>
    (await openWaits(tx, runId)).filter(({ subject }) => subject.kind === kind)

  /**
   * Ends a wait, whatever it is for: the call runs, or ends with what came of it, and its run goes on. From any process, exactly once.
   * @returns false when it was ended before, or there is no such wait
   */
  async function resume(id: WaitId, outcome: WaitOutcome): Promise<boolean> {
    const known = await findWait(database.db, id)
    return known !== undefined && known.resolvedAt === null && end(known.runId, async () => [known], outcome)
  }

  return {
    resume,

    /** Ends waits whose time has come. Safe at any time, on every process. */
    async resumeDue(): Promise<void> {
      for (const id of await dueWaits(database.db, clock.now())) {
        const wait = await findWait(database.db, id)
        const run = wait && (await findRun(database.db, wait.runId))
        const hold = run && (await deps.leases.tryHold(run.projectId))
        await (hold && resume(id, { kind: 'result', value: { waitedMs: clock.now() - wait.createdAt } }).finally(hold.release))
      }
    },

    /** An approval was decided: the call is freed with the arguments as they were approved, or ended with the reason. */
    async settled(tx: Db, _session: SessionRow, approval: Approval): Promise<Went & { held: boolean }> {
      const wait = await waitOfStep(tx, approval.stepId)
      const outcome: WaitOutcome =
        approval.status === 'approved'
          ? { kind: 'go', args: approval.args }
          : { kind: 'refused', status: 'denied', error: { code: approval.status, message: refusal(approval) } }
      const resumed = wait && (await resumeWait(tx, wait, outcome, clock.now()))
      return { ...went(resumed), held: resumed !== undefined && approval.status === 'approved' && (await isHeld(tx, resumed, approval)) }
    },

    /** An approval that was decided waits again, as long as nobody has begun its call; see `runCalls` for the other side. */
    async takenBack(tx: Db, _session: SessionRow, approval: Approval): Promise<Pick<Went, 'shown'> | undefined> {
      const run = await lockRun(tx, approval.runId)
      const step = run && !isFinal(run.status) ? await findStep(tx, approval.stepId) : undefined
      if (!run || step?.status !== 'queued') return undefined
      await changeStep(tx, step.id, { status: 'waiting' })
      await openWait(tx, step, { kind: 'approval', approvalId: approval.id }, clock.now())
      const changed = run.status === 'waiting' ? await changeRun(tx, run, {}) : undefined
      const asksAgain: SessionChange = { kind: 'open_call', item: openCall(step, agentOf(run), 'waiting') }
      return { shown: () => [asksAgain, ...(changed ? [projection.changed(changed)] : [])] }
    },

    /** Control of the desktop came to the run's agent: the call that waits for it runs. Nothing happens when none does. */
    async controlGiven(runId: RunId): Promise<void> {
      await end(runId, ofKind(runId, 'control'), { kind: 'go' })
    },

    /** The holder refused: the call that waits has ended, and the model is told why. */
    async controlDenied(runId: RunId, by: string): Promise<void> {
      const error = { code: 'denied', message: `${by} keeps control of the desktop and denied your request. Go on without it, or ask them.` }
      await end(runId, ofKind(runId, 'control'), { kind: 'refused', status: 'denied', error })
    },

    /** A question was answered: the answers are the result of the call that asked. */
    async answered(tx: Db, _session: SessionRow, question: QuestionItem): Promise<Went> {
      const { runId, answers = [], answeredBy } = question
      const wait = runId && (await waitForQuestion(tx, runId, question.id))
      if (!wait) return went(undefined)
      const textOf = (id: string) => question.questions.find((asked) => asked.id === id)?.text ?? ''
      const value = {
        answers: answers.map(({ id, text }) => ({ id, question: textOf(id), answer: text })),
        ...(answeredBy && { answeredBy: answeredBy.name }),
      }
      return went(await resumeWait(tx, wait, { kind: 'result', value }, clock.now()))
    },
  }
}

/** What was approved does not begin now: its run is paused, or a call before it waits. */
async function isHeld(tx: Db, { run }: Resumed, { stepId }: Approval): Promise<boolean> {
  if (run.status === 'paused') return true
  const open = await openSteps(tx, run.id)
  const step = open.find(({ id }) => id === stepId)
  return step !== undefined && open.filter(isBefore(step)).some(({ status }) => status === 'waiting')
}

const isBefore = (step: StepRow) => (other: StepRow) =>
  other.kind === 'tool' && (other.turn < step.turn || (other.turn === step.turn && other.index < step.index))

/** For the model and the people: who refused, and why. */
function refusal(approval: Approval): string {
  if (approval.status === 'expired') return 'Nobody decided in time, so it was not run.'
  const vote = approval.votes.find((cast) => cast.decision === 'deny')
  const reason = approval.reason?.trim()
  return `${vote?.name ?? 'Somebody'} denied it${reason ? `: ${reason}` : '.'}`
}
