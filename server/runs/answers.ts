import type { Approval } from '#shared/approvals/schema.ts'
import type { QuestionItem } from '#shared/sessions/items.ts'
import type { RunId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import { beginLive } from '../sessions/project.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { questionOf } from './settle.ts'
import type { Shown } from './shown.ts'
import { endedCall, openCall } from './state.ts'
import { changeRun, changeStep, findStep, lockRun, openSteps } from './store.ts'
import type { RunRow } from './store.ts'

type Went = { items: NewItem[]; after(): void }

/** How people's answers reach a run. Everything happens in the transaction of the answer, so it resumes the run exactly once. */
export function createAnswers(deps: RunDeps, shown: Shown, dispatcher: Dispatcher) {
  const { clock } = deps

  /** From waiting to running, nobody's; whoever takes the lease goes on. A paused run stays paused. */
  async function wake(tx: Db, runId: RunId): Promise<RunRow | undefined> {
    const run = await lockRun(tx, runId)
    if (run?.status !== 'waiting') return run
    return changeRun(tx, run, { status: 'running', waitingFor: null })
  }

  const afterwards = (run: RunRow | undefined) => () => {
    if (!run) return
    shown.show(run)
    dispatcher.take(run.id)
  }

  return {
    wake,
    afterwards,

    /** An approval was decided: the step is freed with the arguments as they were approved, or ended with the reason. */
    async settled(tx: Db, _session: SessionRow, approval: Approval): Promise<Went> {
      const step = await findStep(tx, approval.stepId)
      if (step?.status !== 'waiting') return { items: [], after: () => undefined }
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
      const after = () => {
        if (approval.status === 'approved') {
          const item = openCall({ ...step, args: approval.args }, agent, 'queued')
          void deps.sessions.publish.items(approval.sessionId, [], (doc) => {
            if (doc.getMap('live').has(item.id)) beginLive(doc, item)
          })
        }
        afterwards(run)()
      }
      return { items, after }
    },

    /** A question was answered: the answers are the result of the call that asked. */
    async answered(tx: Db, _session: SessionRow, question: QuestionItem): Promise<Went> {
      const { runId, answers = [], answeredBy } = question
      const step = runId && (await openSteps(tx, runId)).find((open) => questionOf(open) === question.id)
      if (!runId || !step) return { items: [], after: () => undefined }
      const now = clock.now()
      const result = {
        answers: answers.map(({ id, text }) => ({ id, question: question.questions.find((asked) => asked.id === id)?.text ?? '', answer: text })),
        ...(answeredBy && { answeredBy: answeredBy.name }),
      }
      await changeStep(tx, step.id, { status: 'ok', result, finishedAt: now })
      const agent = question.author.kind === 'agent' ? question.author : { id: 'agent' as RunRow['agentId'], name: 'Agent' }
      const run = await wake(tx, runId)
      return { items: [endedCall(step, { id: agent.id, name: agent.name }, { status: 'ok', result }, now)], after: afterwards(run) }
    },
  }
}

/** For the model and the people: who refused, and why. */
function refusal(approval: Approval): string {
  if (approval.status === 'expired') return 'Nobody decided in time, so it was not run.'
  const vote = approval.votes.find((cast) => cast.decision === 'deny')
  const reason = approval.reason?.trim()
  return `${vote?.name ?? 'Somebody'} denied it${reason ? `: ${reason}` : '.'}`
}
