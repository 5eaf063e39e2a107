import { appendItems, lockSession } from '../sessions/store.ts'
import type { RunDeps } from './deps.ts'
import { runEvent } from './events.ts'
import { createExecution } from './execution.ts'
import type { Execution } from './execution.ts'
import { endRun } from './lifecycle.ts'
import type { Ended } from './lifecycle.ts'
import { makeAgent } from './make-agent.ts'
import type { RunProjection } from './run-projection.ts'
import { lockRun } from './store.ts'
import type { RunRow } from './store.ts'

/** Called after a commit of a run that is executed here: it began another run, or its end concerns other runs. */
export type Others = { onBegun(row: RunRow): void; onEnded(ended: Ended): void }

/** Makes what a run needs to be executed here. */
export function createPreparing(deps: RunDeps, projection: RunProjection, others: Others) {
  const { database, clock, log } = deps

  /** The agent is not there, or its profile fails: the run ends with a clear item. */
  async function failUnmade(row: RunRow): Promise<void> {
    const error = {
      code: 'not_found',
      message: `The agent "${row.agentId}" could not be started. Ask the server admin to check its profile.`,
    }
    const done = await database.transaction(async (tx) => {
      await lockSession(tx, row.sessionId)
      const run = await lockRun(tx, row.id)
      if (run?.epoch !== row.epoch || run.status !== 'running') return undefined
      const item = runEvent(row.id, 'run_failed', error.message, clock.now(), { error, detail: { agent: row.agentId } })
      const ended = await endRun(tx, deps, run, { status: 'failed', item, error, cut: { ...error, texts: new Map() } })
      return { ended, stored: await appendItems(tx, row.sessionId, ended.items, clock.now()) }
    })
    if (!done) return
    void deps.sessions.publish.show(row.sessionId, [{ kind: 'items', items: done.stored }, ...projection.ended(done.ended)])
    others.onEnded(done.ended)
  }

  /** @returns undefined when there is no agent to execute it: the run has ended then */
  return async function prepare(row: RunRow): Promise<Execution | undefined> {
    const causedBy = { id: row.causedBy, name: await projection.people.nameOf(row.causedBy) }
    try {
      const made = await makeAgent(deps, row)
      return createExecution({ deps, projection, row, causedBy, ...made, others })
    } catch (error) {
      log.error({ runId: row.id, err: error }, 'an agent could not be made')
      await failUnmade(row)
      return undefined
    }
  }
}
