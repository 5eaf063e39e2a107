import type { Dirent } from 'node:fs'
import { lstat, readdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from '../../base/logger.ts'
import type { Limits } from './isolation/plan.ts'
import type { Machine } from './machine.ts'
import { readStat, treeOf } from './proc.ts'

const intervalMs = 150
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
    const resident = treeOf(machine.pid).reduce((sum, pid) => sum + (readStat(pid)?.residentBytes ?? 0), 0)
    if (resident <= limits.memoryBytes) return
    log.warn({ resident, limit: limits.memoryBytes }, 'a sandbox is over its memory limit')
    const over = `the memory limit of ${inMegabytes(limits.memoryBytes)} was reached`
    await machine.tell('/atrium/disk', { full, kill: over }, 2000).catch(() => machine.kill())
  }

  async function tick(): Promise<void> {
    try {
      if (!machine.frozen && !machine.held) {
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

  return {
    /** Bytes, as last measured. */
    diskUsed: () => used,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

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
