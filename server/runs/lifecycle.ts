import type { Approval } from '#shared/approvals/schema.ts'
import type { RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Trigger } from '#shared/runs/schema.ts'
import type { Author } from '#shared/sessions/items.ts'
import { logFields } from '../base/log-fields.ts'
import type { Db } from '../db/port.ts'
import type { SessionChange } from '../sessions/changes.ts'
import type { Person } from '../sessions/port.ts'
import { firstAccepted, modelWanted, takeQueued } from '../sessions/queue.ts'
import type { Accepted } from '../sessions/queue.ts'
import { updateSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import { closeSteps } from './close-steps.ts'
import type { LiveTexts } from './close-steps.ts'
import type { RunDeps } from './deps.ts'
import { byPerson, runEvent } from './events.ts'
import { agentOf } from './state.ts'
import type { AgentName } from './state.ts'
import { activeRun, changeRun, childrenOf, insertRun, openSteps } from './store.ts'
import type { RunRow } from './store.ts'
import { resumeWait, waitForChild } from './waits.ts'

type Begin = {
  session: Pick<SessionRow, 'id' | 'projectId'>
  agent: AgentName
  /** Who caused it. */
  by: Person
  /** Who began it, where that was an agent. */
  starter?: Author
  trigger: Trigger
  /** What somebody chose; without it the run takes the profile's own with its first turn. */
  model?: string | undefined
  /** When and by which request what it is begun for was accepted: now and here, unless it had waited. */
  accepted?: Accepted | undefined
}

/** Stores a new run, which this process executes after the commit; the room's next owner does when this one dies before. */
export async function beginRun(tx: Db, deps: Pick<RunDeps, 'clock'>, begin: Begin): Promise<{ row: RunRow; started: NewItem }> {
  const { session, agent, by, starter = byPerson(by), trigger, model, accepted } = begin
  const now = deps.clock.now()
  const id = newId<RunId>('run', now)
  const row = await insertRun(tx, {
    id,
    projectId: session.projectId,
    sessionId: session.id,
    agentId: agent.id,
    agentName: agent.name,
    parentRunId: trigger.kind === 'run' ? trigger.runId : null,
    trigger,
    causedBy: by.id,
    status: 'running',
    startedAt: now,
    model: model ?? null,
    requestId: (accepted ? accepted.requestId : logFields().requestId) ?? null,
    acceptedAt: accepted?.at ?? now,
    epoch: 1,
    createdAt: now,
  })
  await updateSession(tx, session.id, { runId: id })
  return {
    row,
    started: runEvent(id, 'run_started', `${starter.name} started ${agent.name}.`, now, { by: starter, detail: { agent: agent.name } }),
  }
}

export type Ending = {
  status: 'completed' | 'failed' | 'cancelled'
  /** The line of the trajectory that says so. */
  item: NewItem
  error?: { code: string; message: string }
  /** What becomes of calls that are open, and what the open items held when they were cut off. */
  cut?: { code: string; message: string; texts: LiveTexts }
  /** What it said last, for a run that waits for this one. */
  answer?: string
  /** Messages that wait do not begin another run. */
  isLast?: boolean
}

/** What the end of a run comes to: rows as they are now, items to be stored in this order, and what the session shows beside them. */
export type Ended = {
  run: RunRow
  items: NewItem[]
  changes: SessionChange[]
  approvals: Approval[]
  /** The run that reads the messages which waited for this one's end, caused by the first of their authors. */
  next: RunRow | undefined
  /** The run that waited for this one. */
  woken: RunRow | undefined
  /** Runs that this one had begun, which have ended with it. */
  children: Ended[]
}

/**
 * The one end of every run, within a transaction that holds its session and the run itself: what is open is closed, what waits for people
 * is withdrawn, its children end, whoever waits for it goes on, and the messages that wait begin the next run.
 */
export async function endRun(tx: Db, deps: Pick<RunDeps, 'clock' | 'approvals' | 'outbox'>, run: RunRow, ending: Ending): Promise<Ended> {
  const now = deps.clock.now()
  const agent = agentOf(run)
  const { status, error, cut } = ending
  const open = await openSteps(tx, run.id)
  const { texts, ...why } = cut ?? { code: status, message: 'The run has ended.', texts: new Map() }
  const closed = await closeSteps(tx, deps, agent, open, texts, { status: status === 'failed' ? status : 'cancelled', ...why })
  const changed = await changeRun(tx, run, { status, pauseRequested: false, endedAt: now, ...(error && { error }) })
  await deps.outbox.add(tx, { type: 'run.ended', projectId: run.projectId, sessionId: run.sessionId, runId: run.id, status })
  const children = await endChildren(tx, deps, run, ending)
  const parent = await tellParent(tx, run, ending, now)
  const begun = ending.isLast ? undefined : await beginNext(tx, deps, run, now)
  return {
    run: changed,
    items: [...closed.items, ...children.flatMap((child) => child.items), ending.item, ...(parent?.items ?? []), ...(begun?.items ?? [])],
    changes: [
      ...closed.changes,
      ...children.flatMap((child) => child.changes),
      ...(parent?.changes ?? []),
      { kind: 'dropped_of_run', runId: run.id, kept: [] },
    ],
    approvals: [...closed.approvals, ...children.flatMap((child) => child.approvals)],
    next: begun?.row,
    woken: parent?.run,
    children,
  }
}

/** Nobody waits for them any more. */
async function endChildren(tx: Db, deps: Pick<RunDeps, 'clock' | 'approvals' | 'outbox'>, run: RunRow, ending: Ending): Promise<Ended[]> {
  const ended: Ended[] = []
  for (const child of await childrenOf(tx, run.id)) {
    const message = 'The run that began it has ended.'
    const item = runEvent(child.id, 'run_cancelled', message, deps.clock.now(), { detail: { agent: child.agentName } })
    const cut = { code: 'cancelled', message, texts: ending.cut?.texts ?? new Map() }
    ended.push(await endRun(tx, deps, child, { status: 'cancelled', item, cut, isLast: true }))
  }
  return ended
}

async function tellParent(tx: Db, run: RunRow, { status, answer, error }: Ending, now: number) {
  const wait = run.parentRunId === null ? undefined : await waitForChild(tx, run.id)
  if (!wait) return undefined
  const value = { runId: run.id, agent: run.agentName, status, ...(answer && { answer }), ...(error && { error }) }
  return resumeWait(tx, wait, { kind: 'result', value }, now)
}

/** The messages that waited for the end of an agent's run begin its next one, unless another of its runs goes on. */
async function beginNext(tx: Db, deps: Pick<RunDeps, 'clock'>, run: RunRow, now: number) {
  const { sessionId, projectId, agentId } = run
  if (await activeRun(tx, sessionId, agentId)) return undefined
  const accepted = await firstAccepted(tx, sessionId, agentId)
  const waiting = await takeQueued(tx, { sessionId, agentId, runId: run.id }, now)
  const [first] = waiting
  if (first?.type !== 'message' || first.author.kind !== 'user') return undefined
  const begun = await beginRun(tx, deps, {
    session: { id: sessionId, projectId },
    agent: agentOf(run),
    by: first.author,
    trigger: { kind: 'message', itemId: first.id },
    model: modelWanted(waiting),
    accepted,
  })
  // The messages name the run that reads them.
  return { row: begun.row, items: [...waiting.map((item) => ({ ...item, runId: begun.row.id })), begun.started] }
}

/** The run and all its descendants that ended with it, to be shown and stopped. */
export const withChildren = (ended: Ended): Ended[] => [ended, ...ended.children.flatMap(withChildren)]
