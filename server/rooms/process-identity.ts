import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** One server process among all that share a database. A pid means something only on its `machine`. */
export type ProcessIdentity = { readonly id: string; readonly machine: string; readonly pid: number }

/** What it says of itself: where others reach it, empty until it listens, and the host of its sandboxes, if it has one. */
export type ProcessFacts = { url: string; hostId: string | null }

/** Of this process, new with every call: one that starts anew is another one. */
export function thisProcess(): ProcessIdentity {
  return { id: `${hostname()}:${process.pid}:${randomUUID()}`, machine: thisMachine(), pid: process.pid }
}

/** Two containers may have one host name and the same pids: on Linux the boot and the namespace of processes tell them apart. */
function thisMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Whether a process is known to be gone; false when that cannot be told from here. With our own pid it was us in a former life. */
export function isGone(other: ProcessIdentity, me: ProcessIdentity): boolean {
  if (other.id === me.id || other.machine !== me.machine) return false
  if (other.pid === me.pid) return true
  try {
    process.kill(other.pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
