import { AppError } from '#shared/base/errors.ts'
import type { RunId, SessionId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { RunPort } from '../sessions/port.ts'
import { listQueue } from '../sessions/queue.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import { gradeCall } from './permissions.ts'
import { parseToolCall } from '../tools/parse.ts'
import { listTools } from '../tools/source.ts'
import { createResume } from './resume.ts'
import { createReRequest } from './re-request.ts'
import { createControl } from './control.ts'
import { tenantId } from './deps.ts'
import type { RunDeps } from './deps.ts'
import { createDispatcher } from './dispatcher.ts'
import { byPerson, runEvent } from './events.ts'
import { beginRun } from './lifecycle.ts'
import { closeSteps } from './close-steps.ts'
import { createRunRecord } from './record.ts'
import { createRunProjection } from './run-projection.ts'
import { agentOf, openItem } from './state.ts'
import { activeRun, activeRuns, findRun, findRuns, interruptedWaits, lockRun, openSteps, type RunRow } from './store.ts'
import { isFinal } from './transitions.ts'
import { wakeRun } from './waits.ts'

export type Runs = ReturnType<typeof createRuns>

/** Runs: begun by messages, executed by their room's owner, resumed by what people decide. */
export function createRuns(deps: RunDeps) {
  const { database, sessions, approvals, clock, log } = deps
  const record = createRunRecord(deps)
  const projection = createRunProjection(deps, record)
  const dispatcher = createDispatcher(deps, projection, record)
  const control = createControl(deps, projection, dispatcher)
  const answers = createResume(deps, projection, dispatcher)

  /**
   * An interrupting message for a run that waits: what it waits for is withdrawn and the run goes on with the message. One that is
   * executed here has its step aborted. Where another process has the room, that one does it.
   */
  async function interrupt(runId: RunId): Promise<void> {
    const known = await findRun(database.db, runId)
    if (!known || isFinal(known.status)) return
    const hold = await deps.leases.tryHold(known.projectId)
    if (!hold) return
    await interruptHere(known).finally(hold.release)
  }

  async function interruptHere(known: RunRow): Promise<void> {
    const { id: runId } = known
    const by = (await listQueue(database.db, known.sessionId, known.agentId)).findLast((message) => message.mode === 'interrupt')?.author
    if (!by) return
    dispatcher.execution(runId)?.interrupt()
    const agent = agentOf(known)
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!session || run?.status !== 'waiting') return undefined
      const text = `${by.name} interrupted ${agent.name}.`
      const open = await openSteps(tx, runId)
      const settled = await closeSteps(tx, deps, agent, open, new Map(), { status: 'cancelled', code: 'interrupted', message: text })
      const note = runEvent(runId, 'run_interrupted', text, clock.now(), { by: byPerson(by), detail: { agent: agent.name } })
      const stored = await appendItems(tx, session.id, [...settled.items, note], clock.now())
      return { settled, stored, run: await wakeRun(tx, runId) }
    })
    if (!done) return
    void sessions.publish.show(known.sessionId, [
      { kind: 'items', items: done.stored },
      ...done.settled.changes,
      ...done.settled.approvals.map(approvals.shown),
      ...(done.run ? [projection.changed(done.run)] : []),
    ])
    if (done.run) dispatcher.take(done.run.id)
  }

  const port: RunPort = {
    async agents() {
      return (await deps.profiles.list(tenantId)).map(({ id, name }) => ({ id, name }))
    },
    async activeRun(tx, session, agentId) {
      const run = await activeRun(tx, session.id, agentId)
      return run && { id: run.id }
    },
    refuseModel: (model) => deps.models.refuse(model),
    async begin(tx, session, agent, causedBy, { id: itemId, model }) {
      const { row, started } = await beginRun(tx, deps, { session, agent, by: causedBy, trigger: { kind: 'message', itemId }, model })
      const after = () => {
        projection.know(causedBy.id, causedBy.name)
        dispatcher.take(row.id, row)
      }
      return { runId: row.id, items: [started], after }
    },
    queued(runId) {
      void interrupt(runId).catch((error: unknown) => log.error({ runId, err: error }, 'a run could not be interrupted'))
    },
    answered: (tx, session, question) => answers.answered(tx, session, question),
    async cancelSession(sessionId, by) {
      for (const { id } of await activeRuns(database.db, sessionId)) await control.cancel(id, by, { final: true })
    },
    async standing(sessionId, asked) {
      const active = await activeRuns(database.db, sessionId)
      const others = await findRuns(
        database.db,
        asked.filter((id) => !active.some((row) => row.id === id)),
      )
      const runs: RunState[] = []
      const open: Item[] = []
      for (const row of [...others, ...active]) {
        const { projectId: _, ...run } = await projection.describe(row)
        runs.push(run)
        if (!isFinal(row.status)) open.push(...(await openSteps(database.db, row.id)).map((step) => openItem(step, row)))
      }
      return { runs, open }
    },
  }

  /** Takes up what nobody executes, and runs that wait although a message interrupts them: the server died before they heard of it. */
  async function sweep(): Promise<void> {
    for (const runId of await interruptedWaits(database.db)) port.queued(runId)
    await answers.resumeDue()
    await dispatcher.sweep()
  }

  sessions.connect({ runs: port, approvals })
  approvals.connect({
    async checkArgs(runId, toolName, args) {
      const row = await findRun(database.db, runId)
      if (!row) throw new AppError('not_found', 'This run does not exist.')
      const profile = await deps.profiles.resolve({ agentId: row.agentId, tenantId })
      const sessionStore = { items: async () => [] }
      const sessionRef = { projectId: row.projectId, sessionId: row.sessionId, runId }
      const agent = await profile.agentFor({ tenantId, userId: row.causedBy, sessionId: row.sessionId, sessionRef, sessionStore })
      const tool = (await listTools(deps.tools, agent, row)).find((candidate) => candidate.name === toolName)
      if (!tool) throw new AppError('invalid_input', `The tool ${toolName} no longer exists.`)
      const parsed = parseToolCall(tool, args)
      if (!parsed.ok) throw new AppError('invalid_input', parsed.message)
      return { args, ...gradeCall(tool, parsed) }
    },
    settled: (tx, session, approval) => answers.settled(tx, session, approval),
    takenBack: (tx, session, approval) => answers.takenBack(tx, session, approval),
    askAgain: createReRequest(deps, projection, dispatcher),
  })

  return {
    /** How many are executed here. */
    executing: dispatcher.count,
    /** Somebody has another name: what their runs do from now on is told with it. */
    renamed: projection.renamed,
    get: control.get,
    cancel: control.cancel,
    stopStep: control.stopStep,
    pause: control.pause,
    resume: control.resume,
    controlGiven: answers.controlGiven,
    controlDenied: answers.controlDenied,
    resumeWait: answers.resume,
    async isActive(runId: RunId): Promise<boolean> {
      const row = await findRun(database.db, runId)
      return row !== undefined && !isFinal(row.status)
    },
    /** Sessions that were deleted with their rows: nothing of them goes on here. */
    endSessions: (ids: readonly SessionId[]) => dispatcher.endSessions(ids),
    /** After a start, and when another process died. */
    sweep,
    async start(): Promise<void> {
      dispatcher.start()
      await sweep()
    },
    stop: () => dispatcher.stop(),
  }
}
