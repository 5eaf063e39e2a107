import type { ProjectId } from '#shared/base/ids.ts'

/** The right to whatever is live in a room. `epoch` grows with every change of owner and fences every insert. */
export type Lease = { readonly projectId: ProjectId; readonly owner: string; readonly epoch: number; readonly lost: boolean }

/** Keeps a room here until it is released; releasing twice is harmless. */
export type Hold = { readonly lease: Lease; release(): void }

/** Which rooms this process has. */
export type Leases = {
  /** Says that this process lives. */
  start(): Promise<void>
  /** How many. */
  count(): number
  /** The lease of a room that is here now, held by anybody or still lingering. */
  current(projectId: ProjectId): Lease | undefined
  /**
   * Takes the room, or joins those who hold it here. One that another process has is waited for, as long as a lease lasts.
   * @throws AppError `not_found` when there is no such project, `unavailable` when another process keeps the room
   */
  hold(projectId: ProjectId): Promise<Hold>
  /** As `hold`, without waiting: undefined when another process has the room. @throws AppError `not_found` when there is no such project */
  tryHold(projectId: ProjectId): Promise<Hold | undefined>
  /**
   * The address of another living process that has the room, or runs its sandbox, as found out a moment ago. While it is known, nobody need
   * try to take the room.
   */
  ownerUrl(projectId: ProjectId): string | undefined
  /** It is not reached there any more. */
  forgetOwner(projectId: ProjectId): void
  /** Something that was written under it was refused: another process has the room. */
  deposed(lease: Lease): void
  onLost(listener: (projectId: ProjectId) => void): void
  /** With every heartbeat: where the other processes are reached that live. */
  onOthers(listener: (urls: readonly string[]) => void): void
  /** Gives a room back at once, whoever holds it here: its project is deleted. */
  leave(projectId: ProjectId): Promise<void>
  /** Gives every room back. */
  stop(): Promise<void>
}

export type { Broadcast } from './broadcast.ts'
export type { Links } from './links.ts'
export type { Place } from './places.ts'
export type { ProcessIdentity } from './process-identity.ts'
