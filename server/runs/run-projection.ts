import type { RunId } from '#shared/base/ids.ts'
import type { Run, RunState } from '#shared/runs/schema.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { RunDeps } from './deps.ts'
import { tenantId } from './deps.ts'
import type { RunRecord } from './record.ts'
import { toRun } from './state.ts'
import { userName } from './store.ts'
import type { RunRow } from './store.ts'
import { isFinal } from './transitions.ts'

export type RunProjection = ReturnType<typeof createRunProjection>

/** Runs as people see them: names put in, what they do now, and the way into the documents. */
export function createRunProjection(
  deps: Pick<RunDeps, 'database' | 'sessions' | 'profiles' | 'desktops' | 'log'>,
  record: Pick<RunRecord, 'ended'>,
) {
  const active = new Map<RunId, { row: RunRow; activity: string | null }>()
  const people = new Map<string, string>()

  async function agentName(row: Pick<RunRow, 'agentId'>): Promise<string> {
    try {
      return (await deps.profiles.resolve({ agentId: row.agentId, tenantId })).name
    } catch {
      return row.agentId
    }
  }

  async function personName(row: Pick<RunRow, 'causedBy'>): Promise<string> {
    const name = people.get(row.causedBy) ?? (await userName(deps.database.db, row.causedBy))
    if (people.size > 10_000) people.clear()
    people.set(row.causedBy, name)
    return name
  }

  /** Not inside a transaction: it asks the database. */
  async function describe(row: RunRow): Promise<Run> {
    const causedBy = await personName(row)
    const activity = isFinal(row.status) || row.status === 'paused' ? null : (active.get(row.id)?.activity ?? null)
    return toRun(row, { agent: await agentName(row), causedBy }, activity)
  }

  const queues = new Map<RunId, Promise<void>>()

  /** One after the other, so that an older state never replaces a newer one. */
  function publish(row: RunRow): void {
    const before = queues.get(row.id) ?? Promise.resolve()
    const next = before
      .then(async () => {
        const newest = active.get(row.id)?.row
        if (newest && newest.version > row.version) return
        const { projectId: _, ...state } = await describe(row)
        await deps.sessions.publish.run(row.sessionId, state satisfies RunState)
      })
      .catch((error: unknown) => logProjectionError(deps.log, { runId: row.id }, error, 'a run could not be shown'))
    queues.set(row.id, next)
    void next.then(() => {
      if (queues.get(row.id) !== next) return
      queues.delete(row.id)
      const status = active.get(row.id)?.row.status ?? 'queued'
      if (isFinal(status) || status === 'waiting' || status === 'paused') active.delete(row.id)
    })
  }

  return {
    describe,
    agentName,
    personName,
    /** A name that is known already, so that it need not be asked for. */
    know: (id: RunRow['causedBy'], name: string) => void people.set(id, name),
    /** Asked for anew the next time. */
    renamed: (id: RunRow['causedBy']) => void people.delete(id),
    /** A committed state. Also in the project's list when the status changed. */
    show(row: RunRow): void {
      const known = active.get(row.id)
      if (known && known.row.version > row.version) return
      active.set(row.id, { row, activity: known?.activity ?? null })
      publish(row)
      if (known?.row.status !== row.status) void deps.sessions.publishSummary(row.sessionId)
      if (!isFinal(row.status)) return
      record.ended(row)
      deps.desktops
        .runEnded(row.projectId, row.id)
        .catch((error: unknown) => deps.log.warn({ runId: row.id, err: error }, 'control of the desktop was not released'))
    },
    /** What the run does now. Not stored: it is of the moment. */
    activity(runId: RunId, text: string | null): void {
      const known = active.get(runId)
      if (!known || known.activity === text) return
      active.set(runId, { ...known, activity: text })
      publish(known.row)
    },
    /** Nothing of it is executed here any more. */
    forget(runId: RunId): void {
      const known = active.get(runId)
      if (known) active.set(runId, { ...known, activity: null })
    },
  }
}
