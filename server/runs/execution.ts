import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId, StepId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import type { Changes } from '../sessions/changes.ts'
import type { LiveWriter } from '../sessions/live-writer.ts'
import { createLiveWriter } from '../sessions/live-writer.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { Person } from '../sessions/port.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { LiveTexts } from './close-steps.ts'
import type { RunDeps } from './deps.ts'
import type { Ended } from './lifecycle.ts'
import type { MadeAgent } from './make-agent.ts'
import type { Others } from './prepare.ts'
import type { RunProjection } from './run-projection.ts'
import { RunMoved, changeRun, lockRun, openSteps } from './store.ts'
import type { RunPatch, RunRow } from './store.ts'

/** Why a step was aborted. `interrupt`: a person's message; the run goes on. `end`: the run is not ours any more. */
export class StepAborted extends Error {
  override name = 'StepAborted'
  readonly why: 'interrupt' | 'end'
  constructor(why: 'interrupt' | 'end') {
    super(why)
    this.why = why
  }
}

/** What one change of a run comes to. */
export type Commit<T> = {
  value: T
  items?: NewItem[]
  patch?: RunPatch
  /** A run that was begun with it. */
  begun?: RunRow
  /** The run's end, where this is it. */
  ended?: Ended
  /** What else the session shows of it. */
  changes?: Changes
  /** Those that were settled with it. */
  approvals?: readonly Approval[]
  /** After the commit. */
  after?: () => void
}

/** A person stopped this one call; the run goes on. */
export class CallStopped extends Error {
  override name = 'CallStopped'
  readonly error: { code: string; message: string }
  constructor(error: { code: string; message: string }) {
    super(error.message)
    this.error = error
  }
}

export type Execution = ReturnType<typeof createExecution>

/** A run being executed by this process, and the one way in which it changes anything. */
export function createExecution(
  input: {
    deps: RunDeps
    projection: RunProjection
    row: RunRow
    causedBy: Person
    others: Others
  } & MadeAgent,
) {
  const { deps, projection, agent, version: agentVersion, context, causedBy } = input
  const { id: runId, sessionId, projectId, epoch } = input.row
  const { log } = deps
  const end = new AbortController()
  let row = input.row
  let step: AbortController | undefined
  let interrupting = false
  const stoppable = new Map<StepId, AbortController>()
  const writer: LiveWriter = createLiveWriter({
    documents: deps.documents,
    events: deps.sessions.events,
    sessionId,
    onError: (error) => logProjectionError(log, {}, error, 'the session document cannot be written now'),
  })

  /**
   * Changes the run, its steps and items in one transaction, fenced by the epoch; then shows what was committed.
   * @throws RunMoved when the run ended or was taken over; nothing was changed then
   */
  async function commit<T>(work: (tx: Db, run: RunRow, session: SessionRow) => Promise<Commit<T>>): Promise<T> {
    const done = await deps.database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId)
      const run = session && (await lockRun(tx, runId))
      if (!session || run?.epoch !== epoch || run.status !== 'running') throw new RunMoved('the run is not ours any more')
      const result = await work(tx, run, session)
      const { patch, ended } = result
      const items = await appendItems(tx, sessionId, [...(result.items ?? []), ...(ended?.items ?? [])], deps.clock.now())
      const changed = ended?.run ?? (patch ? await changeRun(tx, run, patch) : run)
      return { result, items, changed }
    })
    row = done.changed
    const { patch, ended, begun, changes = [], approvals = [], after, value } = done.result
    writer.flush()
    void deps.sessions.publish.show(sessionId, [
      { kind: 'items', items: done.items },
      ...changes,
      ...approvals.map(deps.approvals.shown),
      ...(patch ? [projection.changed(row)] : []),
      ...(ended ? projection.ended(ended) : []),
    ])
    after?.()
    if (begun) input.others.onBegun(begun)
    if (ended) input.others.onEnded(ended)
    return value
  }

  /** Runs a step that an interrupting message or the run's end aborts. */
  async function abortable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    step = new AbortController()
    const stop = () => step?.abort(new StepAborted('end'))
    end.signal.addEventListener('abort', stop, { once: true })
    try {
      if (end.signal.aborted) throw new StepAborted('end')
      if (interrupting) throw new StepAborted('interrupt')
      return await work(step.signal)
    } catch (error) {
      const reason: unknown = step.signal.reason
      if (step.signal.aborted && reason instanceof StepAborted) throw reason
      throw error
    } finally {
      end.signal.removeEventListener('abort', stop)
      step = undefined
    }
  }

  /** What the run's open items hold now. */
  async function liveTexts(): Promise<LiveTexts> {
    const texts = new Map<ItemId, { text: string; reasoning: string }>()
    for (const { itemId } of await openSteps(deps.database.db, runId)) texts.set(itemId, await writer.texts(itemId))
    return texts
  }

  return {
    deps,
    projection,
    agent,
    agentVersion,
    context,
    causedBy,
    runId,
    sessionId,
    projectId,
    epoch,
    log,
    writer,
    commit,
    abortable,
    liveTexts,
    get row() {
      return row
    },
    /** What the next model call is made with. */
    get model() {
      return row.model ?? agent.model.modelId
    },
    /** While `work` goes on the call can be stopped alone. */
    async call(stepId: StepId, work: (stopped: AbortSignal) => Promise<void>): Promise<void> {
      const own = new AbortController()
      stoppable.set(stepId, own)
      await work(own.signal).finally(() => stoppable.delete(stepId))
    },
    stopCall: (stepId: StepId, error: { code: string; message: string }): void => stoppable.get(stepId)?.abort(new CallStopped(error)),
    /** Aborts the step now; the loop then reads the message that interrupts. */
    interrupt(): void {
      interrupting = true
      step?.abort(new StepAborted('interrupt'))
    },
    /** The interrupting messages were read. */
    interrupted(): void {
      interrupting = false
    },
    get interrupting() {
      return interrupting
    },
    /** Stops without another word to the database: somebody else has the run, or it has ended. */
    end: () => end.abort(new StepAborted('end')),
    get ended() {
      return end.signal.aborted
    },
    throwIfEnded(): void {
      if (end.signal.aborted) throw new StepAborted('end')
    },
    activity: (text: string | null) => projection.activity(runId, text),
  }
}
