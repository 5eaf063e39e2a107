import type { Approval } from '#shared/approvals/schema.ts'
import type { QuestionItem } from '#shared/sessions/items.ts'
import type { RunId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import type { Changes, SessionChange } from '../sessions/changes.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { isControlWait, questionOf } from './close-steps.ts'
import type { RunProjection } from './run-projection.ts'
import { endedCall, openCall } from './state.ts'
import { changeRun, changeStep, findRun, findStep, lockRun, openSteps } from './store.ts'
import type { RunRow, StepRow } from './store.ts'
import { isFinal } from './transitions.ts'

/** `shown` and `after` belong after the commit. */
type Went = { items: NewItem[]; shown(): Changes; after(): void }
type Settled = Went & { held: boolean }

/** How people's answers reach a run. Everything happens in the transaction of the answer, so it resumes the run exactly once. */
export function createResume(deps: RunDeps, projection: RunProjection, dispatcher: Dispatcher) {
  const { clock } = deps

  /** From waiting to running; its room's owner goes on. A paused run stays paused. */
  async function wake(tx: Db, runId: RunId): Promise<RunRow | undefined> {
    const run = await lockRun(tx, runId)
    if (run?.status !== 'waiting') return run
    return changeRun(tx, run, { status: 'running', waitingFor: null })
  }

  /** After the commit. */
  const shown = (run: RunRow | undefined) => (run ? [projection.changed(run)] : [])
  const goOn = (run: RunRow | undefined) => {
    if (run) dispatcher.take(run.id)
  }

  return {
    wake,
    shown,
    goOn,

    /** An approval was decided: the step is freed with the arguments as they were approved, or ended with the reason. */
    async settled(tx: Db, _session: SessionRow, approval: Approval): Promise<Settled> {
      const step = await findStep(tx, approval.stepId)
      if (step?.status !== 'waiting') return { items: [], held: false, shown: () => [], after: () => undefined }
      const agent = { id: approval.requestedBy.agentId, name: approval.requestedBy.agentName }
      const now = clock.now()
      const items: NewItem[] = []
      if (approval.status === 'approved') {
        await changeStep(tx, step.id, { status: 'queued', args: approval.args })
      } else {
        const error = { code: approval.status, message: refusal(approval) }
        await changeStep(tx, step.id, { status: 'denied', error, finishedAt: now })
        items.push(endedCall(step, agent, { status: 'denied', error }, now))
      }
      const run = await wake(tx, approval.runId)
      const freed: SessionChange[] =
        approval.status === 'approved' ? [{ kind: 'open_call', item: openCall({ ...step, args: approval.args }, agent, 'queued') }] : []
      const before = approval.status === 'approved' ? (await openSteps(tx, approval.runId)).filter(isBefore(step)) : []
      return {
        items,
        held: run?.status === 'paused' || before.some((other) => other.status === 'waiting'),
        shown: () => [...freed, ...shown(run)],
        after: () => goOn(run),
      }
    },

    /** An approval that was decided waits again, as long as nobody has begun its call; see `runCalls` for the other side. */
    async takenBack(tx: Db, _session: SessionRow, approval: Approval): Promise<Pick<Went, 'shown'> | undefined> {
      const run = await lockRun(tx, approval.runId)
      const step = run && !isFinal(run.status) ? await findStep(tx, approval.stepId) : undefined
      if (!run || step?.status !== 'queued') return undefined
      await changeStep(tx, step.id, { status: 'waiting' })
      const waits = run.status === 'waiting' && run.waitingFor?.kind === 'approval' ? run.waitingFor : undefined
      const waitingFor = waits && { ...waits, approvalIds: [...new Set([...waits.approvalIds, approval.id])] }
      const changed = waitingFor ? await changeRun(tx, run, { waitingFor }) : run
      const agent = { id: approval.requestedBy.agentId, name: approval.requestedBy.agentName }
      const asksAgain: SessionChange = { kind: 'open_call', item: openCall(step, agent, 'waiting') }
      return { shown: () => [asksAgain, ...(waitingFor ? [projection.changed(changed)] : [])] }
    },

    /** Control of the desktop came to the run's agent: the call that waits for it runs. Nothing happens when none does. */
    async controlGiven(runId: RunId): Promise<void> {
      const known = await findRun(deps.database.db, runId)
      if (!known) return
      const went = await deps.database.transaction(async (tx) => {
        if (!(await lockSession(tx, known.sessionId))) return undefined
        const steps = (await openSteps(tx, runId)).filter(isControlWait)
        if (steps.length === 0) return undefined
        for (const step of steps) await changeStep(tx, step.id, { status: 'queued', result: null })
        return { run: await wake(tx, runId), steps }
      })
      if (!went) return
      void deps.sessions.publish.show(known.sessionId, shown(went.run))
      goOn(went.run)
    },

    /** The holder refused: the call that waits has ended, and the model is told why. */
    async controlDenied(runId: RunId, by: string): Promise<void> {
      const known = await findRun(deps.database.db, runId)
      if (!known) return
      const agent = { id: known.agentId, name: await projection.agentName(known) }
      const error = { code: 'denied', message: `${by} keeps control of the desktop and denied your request. Go on without it, or ask them.` }
      const went = await deps.database.transaction(async (tx) => {
        if (!(await lockSession(tx, known.sessionId))) return undefined
        const steps = (await openSteps(tx, runId)).filter(isControlWait)
        const now = clock.now()
        for (const step of steps) await changeStep(tx, step.id, { status: 'denied', result: null, error, finishedAt: now })
        const ended = steps.map((step) => endedCall(step, agent, { status: 'denied', error }, now))
        return { items: await appendItems(tx, known.sessionId, ended, now), run: steps.length > 0 ? await wake(tx, runId) : undefined }
      })
      if (!went) return
      void deps.sessions.publish.show(known.sessionId, [{ kind: 'items', items: went.items }, ...shown(went.run)])
      goOn(went.run)
    },

    /** A question was answered: the answers are the result of the call that asked. */
    async answered(tx: Db, _session: SessionRow, question: QuestionItem): Promise<Went> {
      const { runId, answers = [], answeredBy } = question
      const step = runId && (await openSteps(tx, runId)).find((open) => questionOf(open) === question.id)
      if (!runId || !step) return { items: [], shown: () => [], after: () => undefined }
      const now = clock.now()
      const result = {
        answers: answers.map(({ id, text }) => ({ id, question: question.questions.find((asked) => asked.id === id)?.text ?? '', answer: text })),
        ...(answeredBy && { answeredBy: answeredBy.name }),
      }
      await changeStep(tx, step.id, { status: 'ok', result, finishedAt: now })
      const agent = question.author.kind === 'agent' ? question.author : { id: 'agent' as RunRow['agentId'], name: 'Agent' }
      const run = await wake(tx, runId)
      const items = [endedCall(step, { id: agent.id, name: agent.name }, { status: 'ok', result }, now)]
      return { items, shown: () => shown(run), after: () => goOn(run) }
    },
  }
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
