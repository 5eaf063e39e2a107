import type { Dirent } from 'node:fs'
import { lstat, readdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '../../base/logger.ts'
import type { Limits } from './isolation/plan.ts'
import type { Machine } from './machine.ts'
import { overMemory } from './memory-kills.ts'
import { readStat, treeOf } from './proc.ts'

const intervalMs = 150
const lookMs = 100
const largeBytes = 32 * 1024 * 1024
/** Looks while the disk under the workspace fills quickly. */
const hurriedMs = 25
const quickBytes = 4 * 1024 * 1024
/** Walks of a big workspace are kept to about this share of the time. */
const walkShare = 0.05
const maxRestMs = 30_000
const lookWhenFullMs = 2000

/**
 * Holds a sandbox to its disk, and to its memory where no control group does. The workspace is measured anew only when
 * the disk under it has lost enough for the limit to be in question, or now and then.
 */
export function watchLimits(deps: { machine: Machine; workspace: string; limits: Limits; log: Logger }) {
  const { machine, workspace, limits, log } = deps
  let used = 0
  let full = false
  let usedWhenKilled = 0
  let freeAtWalk = Number.POSITIVE_INFINITY
  let freeAtLook = 0
  let hurried = false
  let memoryAt = Number.NEGATIVE_INFINITY
  /** Of its processes, by pid, at the last two looks. */
  let [before, sizes] = [new Map<number, number>(), new Map<number, number>()]
  /** The kernel has ended something, here or in another sandbox: it takes a large one, which may need a moment. */
  let dying: { why: string; large: number[]; looks: number } | undefined
  let restUntil = 0
  let fullUntil = 0
  let againAt = 0
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function checkDisk(): Promise<void> {
    const { bavail, bsize } = await statfs(workspace)
    const free = bavail * bsize
    hurried = freeAtLook - free > quickBytes
    freeAtLook = free
    const least = 8 * 1024 * 1024
    // Also what was freed: whoever made room may write again at once.
    const inQuestion = freeAtWalk - free > Math.max((limits.diskBytes - used) / 4, least) || (full && free - freeAtWalk > least)
    const now = performance.now()
    if (now < (inQuestion ? againAt : full ? Math.min(fullUntil, restUntil) : restUntil)) return
    used = (await measure(dirname(workspace))) + (await measure(machine.runDir))
    freeAtWalk = free
    const cost = performance.now() - now
    restUntil = now + Math.max(maxRestMs, cost / walkShare)
    fullUntil = now + Math.max(lookWhenFullMs, cost / walkShare)
    // However quickly it fills, half of the time is not spent on walking.
    againAt = now + 2 * cost
    const over = used > limits.diskBytes
    if (over && used > usedWhenKilled) {
      usedWhenKilled = used
      log.warn({ used, limit: limits.diskBytes }, 'a sandbox is over its disk limit')
      await machine.tell('/atrium/disk', { full: true, kill: `the disk limit of ${inMegabytes(limits.diskBytes)} was reached` })
    } else if (over !== full) {
      await machine.tell('/atrium/disk', { full: over })
    }
    full = over
    if (!over) usedWhenKilled = 0
  }

  async function checkMemory(): Promise<void> {
    const now = performance.now()
    if (machine.hasMemoryLimit || now - memoryAt < intervalMs) return
    memoryAt = now
    before = sizes
    sizes = new Map(treeOf(machine.pid).map((pid) => [pid, readStat(pid)?.residentBytes ?? 0]))
    const resident = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    if (resident <= limits.memoryBytes) return
    log.warn({ resident, limit: limits.memoryBytes }, 'a sandbox is over its memory limit')
    const over = overMemory(limits)
    await machine.tell('/atrium/disk', { full, kill: over }, 2000).catch(() => {
      machine.memory.ends(over)
      return machine.kill()
    })
  }

  async function tick(): Promise<void> {
    try {
      if (!machine.frozen) {
        await checkMemory()
        await checkDisk()
      }
    } catch (thrown) {
      if (!stopped) log.debug({ err: thrown }, 'a sandbox could not be measured')
    }
    if (stopped) return
    timer = setTimeout(() => void tick(), hurried ? hurriedMs : intervalMs)
    timer.unref()
  }
  void tick()

  /** Often, as a program's end waits for the reason. */
  const looking = setInterval(() => {
    const found = machine.frozen ? undefined : machine.memory.look()
    const { ofOne } = machine.memory
    if (found) {
      log.warn({ ...found, ofOne }, 'programs of sandboxes were ended for memory')
      machine.tell('/atrium/memory', { ...found, here: ofOne }).catch(() => undefined)
      if (!ofOne) dying = { why: found.why, large: [...before, ...sizes].flatMap(([pid, size]) => (size >= largeBytes ? [pid] : [])), looks: 10 }
    }
    if (dying?.large.some(isGone)) {
      machine.tell('/atrium/memory', { why: dying.why, kills: 0, here: true }).catch(() => undefined)
      dying = undefined
    } else if (dying && --dying.looks === 0) dying = undefined
  }, lookMs)
  looking.unref()

  return {
    /** Bytes, as last measured. */
    diskUsed: () => used,
    stop() {
      stopped = true
      clearTimeout(timer)
      clearInterval(looking)
    },
  }
}

const isGone = (pid: number) => 'ZX'.includes(readStat(pid)?.state ?? 'X')

const inMegabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`

/** Bytes on disk below a folder; links are counted, never followed. What goes away meanwhile counts nothing. */
export async function measure(folder: string): Promise<number> {
  let total = 0
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const here = at
    const entries = await readdir(here, { withFileTypes: true }).catch((): Dirent[] => [])
    for (let from = 0; from < entries.length; from += 64) {
      const sizes = entries.slice(from, from + 64).map(async (entry) => {
        const path = join(here, entry.name)
        if (entry.isDirectory()) waiting.push(path)
        const stats = await lstat(path).catch(() => undefined)
        return stats ? stats.blocks * 512 : 0
      })
      for (const size of await Promise.all(sizes)) total += size
    }
  }
  return total
}
