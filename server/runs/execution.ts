import type { Approval } from '#shared/approvals/schema.ts'
import type { ItemId } from '#shared/base/ids.ts'
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
import { createStepAborts } from './step-aborts.ts'
import { RunMoved, changeRun, lockRun, openSteps } from './store.ts'
import type { RunPatch, RunRow } from './store.ts'

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
  /** Approvals that were settled with it. */
  approvals?: readonly Approval[]
  /** After the commit. */
  after?: () => void
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
  const steps = createStepAborts()
  let row = input.row
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
    liveTexts,
    get row() {
      return row
    },
    /** What the next model call is made with. */
    get model() {
      return row.model ?? agent.model.modelId
    },
    steps,
    activity: (text: string | null) => projection.activity(runId, text),
  }
}
