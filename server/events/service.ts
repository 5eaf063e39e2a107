import type { ProjectId } from '#shared/base/ids.ts'
import { logFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { afterCommit } from '../db/after-commit.ts'
import type { Database } from '../db/port.ts'
import { deliverTo, type Hearing } from './deliver.ts'
import { outboxLimits, waitBeforeAttempt } from './limits.ts'
import type { Cause, EventType, Listeners, Outbox } from './port.ts'
import { claimDue, insertEvent, markDelivered, postpone, removeOld, type Claimed, type Scope } from './store.ts'

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
  const underWay = new Set<number>()
  /** For each project, the last delivery that was begun after a commit. */
  const begun = new Map<ProjectId, Promise<void>>()
  const timers = new Set<NodeJS.Timeout>()
  let stopped = false

  let claiming: Promise<unknown> = Promise.resolve()
  /** One claim at a time: what the one before took is known to be under way before the next one looks. */
  function claim(scope: Scope): Promise<Claimed[]> {
    const mine = claiming.then(async () => {
      const claimed = await claimDue(database, { me, hostId, underWay: [...underWay] }, scope)
      for (const { id } of claimed) underWay.add(id)
      return claimed
    })
    claiming = mine.catch(() => undefined)
    return mine
  }

  const isHeard = (type: EventType) => hearing.some(({ on }) => on[type])

  async function deliver(claimed: Claimed): Promise<void> {
    try {
      if (await deliverTo(hearing, claimed, log)) {
        await markDelivered(database.db, claimed.id)
        return log.debug({ event: claimed.type, eventId: claimed.id }, 'an event was delivered')
      }
      const ms = wait(claimed.attempts)
      await postpone(database.db, claimed.id, ms)
      if (claimed.attempts < outboxLimits.attempts) later(() => void sweep(), ms)
    } finally {
      underWay.delete(claimed.id)
    }
  }

  /** Until nothing is due: after an event of a project comes the project's next. */
  async function deliverDue(scope: Scope): Promise<void> {
    try {
      while (!stopped) {
        const claimed = await claim(scope)
        if (claimed.length === 0) return
        const done = await Promise.allSettled(claimed.map(deliver))
        for (const one of done) if (one.status === 'rejected') throw one.reason
      }
    } catch (error) {
      if (!stopped) log.warn({ err: error }, 'events cannot be delivered now; they are tried again within a minute')
    }
  }

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

  function later(work: () => void, ms: number): void {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, ms)
    timer.unref()
    timers.add(timer)
  }

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
    /** No delivery begins any more. */
    stop(): void {
      stopped = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** A run's work is its own; else it is whoever asks. */
function causeOf({ runId, userId }: ReturnType<typeof logFields>): Cause | null {
  if (runId !== undefined && userId === undefined) return { kind: 'run', id: runId }
  return userId === undefined ? null : { kind: 'user', id: userId }
}
