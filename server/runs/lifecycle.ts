import type { RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { logFields } from '../base/log-fields.ts'
import type { Db } from '../db/port.ts'
import type { Person } from '../sessions/port.ts'
import { firstAccepted, modelWanted, takeQueued } from '../sessions/queue.ts'
import type { Accepted } from '../sessions/queue.ts'
import { updateSession } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import { byPerson, runEvent } from './events.ts'
import type { AgentName } from './state.ts'
import { insertRun, noUsage } from './store.ts'
import type { RunPatch, RunRow } from './store.ts'

/**
 * Stores a new run, which this process executes after the commit; the room's next owner does when this one dies before.
 * @param model what somebody chose; without it the run takes the profile's own with its first turn
 * @param accepted when and by which request what it is begun for was accepted: now and here, unless it had waited
 */
export async function beginRun(
  tx: Db,
  deps: Pick<RunDeps, 'clock'>,
  session: Pick<SessionRow, 'id' | 'projectId'>,
  agent: AgentName,
  by: Person,
  model?: string,
  accepted?: Accepted,
): Promise<{ row: RunRow; started: NewItem }> {
  const now = deps.clock.now()
  const id = newId<RunId>('run', now)
  const row = await insertRun(tx, {
    id,
    projectId: session.projectId,
    sessionId: session.id,
    agentId: agent.id,
    causedBy: by.id,
    status: 'running',
    startedAt: now,
    usage: noUsage,
    model: model ?? null,
    requestId: (accepted ? accepted.requestId : logFields().requestId) ?? null,
    acceptedAt: accepted?.at ?? now,
    epoch: 1,
    createdAt: now,
  })
  await updateSession(tx, session.id, { runId: id })
  return {
    row,
    started: runEvent(id, 'run_started', `${by.name} started ${agent.name}.`, now, { by: byPerson(by), detail: { agent: agent.name } }),
  }
}

export type Ending = { status: 'completed' | 'failed' | 'cancelled'; item: NewItem; error?: { code: string; message: string } }

/**
 * What ending a run comes to: the change of its row, its last item, and the run that reads the messages which waited for its
 * end, caused by the first of their authors.
 */
export async function endRun(
  tx: Db,
  deps: Pick<RunDeps, 'clock'>,
  run: RunRow,
  agent: AgentName,
  ending: Ending,
): Promise<{ patch: RunPatch; items: NewItem[]; next: RunRow | undefined }> {
  const now = deps.clock.now()
  const patch: RunPatch = {
    status: ending.status,
    waitingFor: null,
    pauseRequested: false,
    endedAt: now,
    ...(ending.error && { error: ending.error }),
  }
  const nextId = newId<RunId>('run', now)
  const accepted = await firstAccepted(tx, run.sessionId)
  const waiting = await takeQueued(tx, run.sessionId, nextId, now)
  const first = waiting[0]
  if (first?.type !== 'message' || first.author.kind !== 'user') return { patch, items: [ending.item], next: undefined }
  const session = { id: run.sessionId, projectId: run.projectId }
  const begun = await beginRun(tx, deps, session, agent, first.author, modelWanted(waiting), accepted)
  // The messages name the run that reads them.
  const read = waiting.map((item) => ({ ...item, runId: begun.row.id }))
  return { patch, items: [ending.item, ...read, begun.started], next: begun.row }
}
