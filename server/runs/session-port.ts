import type { RunId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { RunPort } from '../sessions/port.ts'
import type { Control } from './control.ts'
import { tenantId } from './deps.ts'
import type { RunDeps } from './deps.ts'
import type { Dispatcher } from './dispatcher.ts'
import { beginRun } from './lifecycle.ts'
import type { Resume } from './resume.ts'
import type { RunProjection } from './run-projection.ts'
import { openItem } from './state.ts'
import { activeRun, activeRuns, findRuns, openSteps } from './store.ts'
import { isFinal } from './transitions.ts'

type Parts = { projection: RunProjection; dispatcher: Dispatcher; control: Control; resumes: Resume; interrupt(runId: RunId): Promise<void> }

/** What sessions ask of runs. */
export function createSessionPort(deps: RunDeps, { projection, dispatcher, control, resumes, interrupt }: Parts): RunPort {
  const { database, log } = deps
  return {
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
        projection.people.know(causedBy.id, causedBy.name)
        dispatcher.take(row.id, row)
      }
      return { runId: row.id, items: [started], after }
    },
    queued(runId) {
      void interrupt(runId).catch((error: unknown) => log.error({ runId, err: error }, 'a run could not be interrupted'))
    },
    answered: (tx, session, question) => resumes.answered(tx, session, question),
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
}
