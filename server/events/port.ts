import type { ProjectId, RunId, UserId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import type { DomainEvent } from './schema.ts'

export type EventType = DomainEvent['type']
export type EventOf<T extends EventType> = Extract<DomainEvent, { type: T }>

/** Who caused it. */
export type Cause = { kind: 'user'; id: UserId } | { kind: 'run'; id: RunId }

/**
 * Called at least once for each event after the commit that made it true, in one process. For one project, events come in the order in which
 * they were stored, and none before the one before it is heard. Must be safe to call again, also for what was half done: one that throws, or takes
 * longer than two minutes, has the event delivered to all listeners once more.
 */
export type Listener<T extends EventType> = (event: EventOf<T>) => unknown
export type Listeners = { [T in EventType]?: Listener<T> }

/** Where events are stored until they are delivered. */
export type Outbox = {
  /**
   * Stores an event in the transaction that makes it true. After its commit it is delivered at once; what a crash leaves, after the next start.
   * What no feature listens to is not stored.
   * @param tx what `Database.transaction` handed to its callback
   * @param hostId only a process that works on this data folder can do what the listeners do
   */
  add(tx: Db, event: DomainEvent, hostId?: string): Promise<void>
  /** Resolves when what this process has committed for a project so far is delivered, or has failed once. Never throws. */
  delivered(projectId: ProjectId): Promise<void>
}
