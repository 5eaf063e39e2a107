import type { Run, RunUsage, WaitingFor } from '#shared/runs/schema.ts'
import type { RunId } from '#shared/base/ids.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { Changes, LaterChange, SessionChange } from '../sessions/changes.ts'
import type { RunDeps } from './deps.ts'
import { withChildren } from './lifecycle.ts'
import type { Ended } from './lifecycle.ts'
import { createPersonNames } from './person-names.ts'
import type { RunRecord } from './record.ts'
import { toRun } from './state.ts'
import type { RunRow } from './store.ts'
import { isFinal } from './transitions.ts'
import { usageOf } from './usage.ts'
import { waitingForOf } from './wait.ts'
import { openWaits } from './waits.ts'

export type RunProjection = ReturnType<typeof createRunProjection>

type Derived = { usage: RunUsage; waitingFor: WaitingFor | null }
/** `derived` is of this version of the row. */
type Active = { row: RunRow; activity: string | null; derived?: Promise<Derived> }

/** Runs as people see them: names put in, what they do now, and the way into the documents. */
export function createRunProjection(
  deps: Pick<RunDeps, 'database' | 'sessions' | 'approvals' | 'desktops' | 'log'>,
  record: Pick<RunRecord, 'ended'>,
) {
  const active = new Map<RunId, Active>()
  const { db } = deps.database
  const people = createPersonNames(db)

  async function derive(row: RunRow): Promise<Derived> {
    const usage = await usageOf(db, row.id)
    const isHeld = row.status === 'waiting' || row.status === 'paused'
    return { usage, waitingFor: isHeld ? waitingForOf((await openWaits(db, row.id)).map(({ subject }) => subject)) : null }
  }

  /** What follows from other rows is read once for each version of the run's own. */
  function derivedOf(row: RunRow): Promise<Derived> {
    const known = active.get(row.id)
    if (known?.row.version !== row.version) return derive(row)
    if (!known.derived) {
      known.derived = derive(row)
      known.derived.catch(() => delete known.derived)
    }
    return known.derived
  }

  /** Not inside a transaction: it asks the database. */
  async function describe(row: RunRow): Promise<Run> {
    const [causedByName, derived] = await Promise.all([people.nameOf(row.causedBy), derivedOf(row)])
    const activity = isFinal(row.status) || row.status === 'paused' ? null : (active.get(row.id)?.activity ?? null)
    return toRun(row, { causedByName, ...derived }, activity)
  }

  /** As it is when its turn has come: an older state never replaces a newer one. */
  const stateOf = (row: RunRow) => async (): Promise<SessionChange[]> => {
    const newest = active.get(row.id)?.row
    if (newest && newest.version > row.version) return []
    try {
      const { projectId: _, ...run } = await describe(row)
      return [{ kind: 'run', run }]
    } catch (error) {
      logProjectionError(deps.log, { runId: row.id }, error, 'a run could not be shown')
      return []
    } finally {
      const isAtRest = isFinal(row.status) || row.status === 'waiting' || row.status === 'paused'
      if (isAtRest && active.get(row.id)?.row === row) active.delete(row.id)
    }
  }

  async function recordEnd(row: RunRow): Promise<void> {
    const none = { inputTokens: 0, outputTokens: 0 }
    record.ended(
      row,
      await derivedOf(row).then(
        ({ usage }) => usage,
        () => none,
      ),
    )
  }

  /** A committed state. @returns what its session shows of it; it is in the project's list as well when the status changed */
  function changed(row: RunRow): LaterChange {
    const known = active.get(row.id)
    if (known && known.row.version > row.version) return async () => []
    active.set(row.id, { row, activity: known?.activity ?? null })
    if (known?.row.status !== row.status) void deps.sessions.publishSummary(row.sessionId)
    if (isFinal(row.status)) {
      void recordEnd(row)
      deps.desktops
        .runEnded(row.projectId, row.id)
        .catch((error: unknown) => deps.log.warn({ runId: row.id, err: error }, 'control of the desktop was not released'))
    }
    return stateOf(row)
  }

  return {
    describe,
    people,
    changed,
    /** What a session shows of a run's end beside the items that were stored with it. */
    ended: (ended: Ended): Changes => [
      ...ended.changes,
      ...ended.approvals.map(deps.approvals.shown),
      ...withChildren(ended).map(({ run }) => changed(run)),
      ...(ended.woken ? [changed(ended.woken)] : []),
      ...(ended.next ? [deps.sessions.publish.queueOf(ended.run.sessionId)] : []),
    ],
    show: (row: RunRow) => void deps.sessions.publish.show(row.sessionId, [changed(row)]),
    /** What the run does now. Not stored: it is of the moment. */
    activity(runId: RunId, text: string | null): void {
      const known = active.get(runId)
      if (!known || known.activity === text) return
      active.set(runId, { ...known, activity: text })
      void deps.sessions.publish.show(known.row.sessionId, [stateOf(known.row)])
    },
    /** Nothing of it is executed here any more. */
    forget(runId: RunId): void {
      const known = active.get(runId)
      if (known) active.set(runId, { ...known, activity: null })
    },
  }
}
