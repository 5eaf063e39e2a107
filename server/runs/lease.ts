import { hostname } from 'node:os'
import type { RunRow } from './store.ts'

/** How long a lease holds without a heartbeat, and how often it is renewed. */
export const leaseMs = 15_000
export const heartbeatMs = 3_000

/**
 * Whether a lease no longer binds: nobody has it, it expired, or its process is known to be dead. On the embedded database no other
 * process can be alive, because the database's folder is locked.
 */
export function isFree(
  lease: Pick<RunRow, 'leaseOwner' | 'leaseExpiresAt'>,
  { me, now, embedded, alive = pidAlive }: { me: string; now: number; embedded: boolean; alive?: (pid: number) => boolean },
): boolean {
  const { leaseOwner, leaseExpiresAt } = lease
  if (leaseOwner === null || leaseExpiresAt === null || leaseExpiresAt <= now) return true
  if (leaseOwner === me) return false
  if (embedded) return true
  // `host:pid:random`, as the owner of a room.
  const parts = leaseOwner.split(':')
  const pid = parts.at(-2)
  if (parts.slice(0, -2).join(':') !== hostname()) return false
  // The same pid with another random part: that process is gone, and this one has its number.
  return Number(pid) === process.pid || !alive(Number(pid))
}

function pidAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
