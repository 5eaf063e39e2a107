import { AppError } from '#shared/base/errors.ts'
import type { RunId, SessionId } from '#shared/base/ids.ts'
import { parseToolCall } from '../tools/parse.ts'
import { createControl } from './control.ts'
import type { RunDeps } from './deps.ts'
import { createDispatcher } from './dispatcher.ts'
import { createDueTimers } from './due.ts'
import { createInterrupting } from './interrupt.ts'
import { makeAgent } from './make-agent.ts'
import { gradeCall } from './permissions.ts'
import { createReRequest } from './re-request.ts'
import { createRunRecord } from './record.ts'
import { createResume } from './resume.ts'
import { createRunProjection } from './run-projection.ts'
import { createSessionPort } from './session-port.ts'
import { findRun, interruptedWaits } from './store.ts'
import { isFinal } from './transitions.ts'

export type Runs = ReturnType<typeof createRuns>

/** Runs: begun by messages, executed by their room's owner, resumed by what people decide. */
export function createRuns(given: Omit<RunDeps, 'onDue'>) {
  const { database, sessions, approvals, clock, log } = given
  const due = createDueTimers(clock, () => {
    resumes.resumeDue().catch((error: unknown) => log.warn({ err: error }, 'what waits for a moment does not go on now'))
  })
  const deps: RunDeps = { ...given, onDue: due.at }
  const record = createRunRecord(deps)
  const projection = createRunProjection(deps, record)
  const dispatcher = createDispatcher(deps, projection, record)
  const control = createControl(deps, projection, dispatcher)
  const resumes = createResume(deps, projection, dispatcher)

  const port = createSessionPort(deps, { projection, dispatcher, control, resumes, interrupt: createInterrupting(deps, projection, dispatcher) })

  /** Takes up what nobody executes, and runs that wait although a message interrupts them: the server died before they heard of it. */
  async function sweep(): Promise<void> {
    for (const runId of await interruptedWaits(database.db)) port.queued(runId)
    await resumes.resumeDue()
    await dispatcher.sweep()
  }

  sessions.connect({ runs: port, approvals })
  approvals.connect({
    async checkArgs(runId, toolName, args) {
      const row = await findRun(database.db, runId)
      if (!row) throw new AppError('not_found', 'This run does not exist.')
      const tool = (await makeAgent(deps, row)).agent.tools.find((candidate) => candidate.name === toolName)
      if (!tool) throw new AppError('invalid_input', `The tool ${toolName} no longer exists.`)
      const parsed = parseToolCall(tool, args)
      if (!parsed.ok) throw new AppError('invalid_input', parsed.message)
      return { args, ...gradeCall(tool, parsed) }
    },
    settled: (tx, session, approval) => resumes.settled(tx, session, approval),
    takenBack: (tx, session, approval) => resumes.takenBack(tx, session, approval),
    reRequest: createReRequest(deps, projection, dispatcher),
  })

  return {
    /** How many are executed here. */
    executing: dispatcher.count,
    /** Somebody has another name: what their runs do from now on is told with it. */
    renamed: projection.people.renamed,
    get: control.get,
    cancel: control.cancel,
    stopStep: control.stopStep,
    pause: control.pause,
    resume: control.resume,
    controlGiven: resumes.controlGiven,
    controlDenied: resumes.controlDenied,
    resumeWait: resumes.resume,
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
    stop() {
      due.stop()
      return dispatcher.stop()
    },
  }
}
