import type { ProjectId } from '#shared/base/ids.ts'
import { logFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { afterCommit } from '../db/after-commit.ts'
import type { Database } from '../db/port.ts'
import { createDelivery } from './delivery.ts'
import { outboxLimits, waitBeforeAttempt } from './limits.ts'
import type { Cause, EventType, Listeners, Outbox } from './port.ts'
import { insertEvent, removeOld } from './store.ts'
import type { Hearing } from './tell-features.ts'

type Deps = {
  database: Database
  /** This process among those that share the database. */
  me: string
  /** Of its data folder; null when it has no local sandboxes. */
  hostId: string | null
  /** Something was stored that only another process can deliver. */
  tellOthers?: () => void
  log: Logger
  wait?: typeof waitBeforeAttempt
}

export type Events = ReturnType<typeof createEvents>

/** The outbox, and the delivery of what is in it. See README.md. */
export function createEvents({ database, me, hostId, tellOthers = () => undefined, log: parent, wait = waitBeforeAttempt }: Deps) {
  const log = parent.child({ part: 'events' })
  const hearing: Hearing[] = []
  const { deliverDue, later, stop } = createDelivery({ database, me, hostId, hearing, log, wait })
  /** For each project, the last delivery that was begun after a commit. */
  const begun = new Map<ProjectId, Promise<void>>()

  const isHeard = (type: EventType) => hearing.some(({ on }) => on[type])

  /** One after the other for a project. */
  function deliverOf(projectId: ProjectId): void {
    const mine = (begun.get(projectId) ?? Promise.resolve())
      .then(() => deliverDue({ projectId }))
      .finally(() => {
        if (begun.get(projectId) === mine) begun.delete(projectId)
      })
    begun.set(projectId, mine)
  }

  const sweep = () => deliverDue('all')

  function lookAgain(): void {
    later(() => {
      sweep()
        .then(() => removeOld(database.db))
        .catch((error: unknown) => log.warn({ err: error }, 'old events cannot be removed now'))
        .finally(lookAgain)
    }, outboxLimits.sweepMs)
  }

  const outbox: Outbox = {
    async add(tx, event, onlyAt) {
      if (!isHeard(event.type)) return
      const { type, ...payload } = event
      const { requestId = null } = logFields()
      const projectId = 'projectId' in event ? event.projectId : null
      const id = await insertEvent(tx, { type, payload, projectId, hostId: onlyAt ?? null, requestId, causedBy: causeOf(logFields()) })
      afterCommit(tx, () => {
        if (onlyAt !== undefined && onlyAt !== hostId) tellOthers()
        else if (projectId === null) void deliverDue({ id })
        else deliverOf(projectId)
      })
    },
    async delivered(projectId) {
      await begun.get(projectId)
    },
  }

  return {
    ...outbox,
    /** Has a feature hear of events; before anything is stored. */
    listen: (feature: string, on: Listeners): void => void hearing.push({ feature, on }),
    /** Looks for everything that is due. */
    sweep,
    /** What a crash left is delivered from now on, in the background. */
    start(): void {
      void sweep()
      later(() => void sweep(), outboxLimits.secondSweepMs)
      lookAgain()
    },
    stop,
  }
}

/** A run's work is its own; else it is whoever asks. */
function causeOf({ runId, userId }: ReturnType<typeof logFields>): Cause | null {
  if (runId !== undefined && userId === undefined) return { kind: 'run', id: runId }
  return userId === undefined ? null : { kind: 'user', id: userId }
}
