import type { OwnRoom, StoredLease } from './lease-store.ts'
import { leaseLimits } from './limits.ts'
import { isGone, type ProcessIdentity } from './process-identity.ts'

/*
 * Whose a room is, by what the database says of it and of processes. Pure, except that a process on this machine is asked whether it lives.
 */

type Other = NonNullable<StoredLease['process']>

/** The other process that has the room, or is to have it: a room is where its sandbox is, as long as that can be reached. */
export function otherOwner({ process: owner, host }: StoredLease, me: ProcessIdentity): Other | undefined {
  const isAlive = (other: Other | undefined) => other !== undefined && other.id !== me.id && other.remaining > 0 && !isGone(other, me)
  return [owner, host].find(isAlive)
}

/**
 * What becomes of a lease after the database was asked.
 *   keep  it is ours
 *   lose  another process has taken it
 *   move  its sandbox, which lives with another process, can be reached again: the room goes there
 */
export function judgeLease(lease: { epoch: number; lost: boolean }, stored: OwnRoom | undefined, me: ProcessIdentity): 'keep' | 'lose' | 'move' {
  if (lease.lost) return 'keep'
  if (stored?.epoch !== lease.epoch) return 'lose'
  return stored.host && stored.host.id !== me.id && !isGone(stored.host, me) ? 'move' : 'keep'
}

/** Moments are those of `performance.now()`. `byOthers`: other processes heard it. */
export type LastBeat = { at: number; byOthers: boolean }

/** Cut off from the database for so long that others may have taken its rooms. @param isUnanswered no answer came since */
export const isCutOff = ({ at, byOthers }: LastBeat, isUnanswered: boolean, now: number): boolean =>
  byOthers && isUnanswered && now - at > leaseLimits.leaseMs
