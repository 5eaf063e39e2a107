import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as soon } from 'node:timers/promises'

/** What /proc says of one process; undefined when it is gone. */
export function readStat(pid: number): { parent: number; state: string; startTime: string; ticks: number; residentBytes: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name may hold spaces and brackets; what follows the last bracket may not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      state: String(fields[0]),
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      startTime: String(fields[19]),
      residentBytes: Number(fields[21]) * 4096,
    }
  } catch {
    return undefined
  }
}

/** The pids of a process and of everything below it. */
export function treeOf(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const stat = readStat(pid)
    if (!stat) continue
    const siblings = children.get(stat.parent)
    if (siblings) siblings.push(pid)
    else children.set(stat.parent, [pid])
  }
  const found = [root]
  for (let at = 0; at < found.length; at++) found.push(...(children.get(Number(found[at])) ?? []))
  return found
}

/** Sends a signal to each; those that are gone are passed over. */
export function signalAll(pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // Gone meanwhile.
    }
  }
}

/** Stops everything below `root`, until none of it runs: what forks while it is counted is found in the next round. */
export function freezeTree(root: number): void {
  for (let round = 0; round < 50; round++) {
    const moving = treeOf(root).filter((pid) => pid !== root && !'TtZX'.includes(readStat(pid)?.state ?? 'X'))
    if (moving.length === 0) return
    signalAll(moving, 'SIGSTOP')
  }
}

export const thawTree = (root: number) =>
  signalAll(
    treeOf(root).filter((pid) => pid !== root),
    'SIGCONT',
  )

/** ms: in a call to the kernel a program stops only when that ends, and on a busy machine when its turn comes. */
const hold = { all: 2000, level: 500 }

/**
 * Stops `root` and everything below it, for a moment. From the top down, a level only when the one above it stands still: a shell that still waits
 * would hear that its job has stopped. Hands back what lets them go on, from the bottom up; what stood still before goes on standing still.
 */
export async function holdTree(root: number): Promise<() => void> {
  const held: { pid: number; startTime: string }[] = []
  const isMoving = (pid: number) => !'tTZX'.includes(readStat(pid)?.state ?? 'X')
  const isTold = (pid: number) => held.some((one) => one.pid === pid && one.startTime === readStat(pid)?.startTime)
  const until = performance.now() + hold.all
  while (performance.now() < until) {
    const moving = treeOf(root).filter(isMoving)
    if (moving.length === 0) break
    const untold = new Set(moving.filter((pid) => !isTold(pid)))
    const level = [...untold].filter((pid) => !untold.has(readStat(pid)?.parent ?? 0))
    for (const pid of level) {
      const stat = readStat(pid)
      if (!stat) continue
      held.push({ pid, startTime: stat.startTime })
      signalAll([pid], 'SIGSTOP')
    }
    const late = Math.min(until, performance.now() + hold.level)
    do await soon()
    while (level.some(isMoving) && performance.now() < late)
  }
  return () => {
    const known = held.splice(0).toReversed()
    signalAll(
      known.filter(({ pid, startTime }) => readStat(pid)?.startTime === startTime).map(({ pid }) => pid),
      'SIGCONT',
    )
  }
}
