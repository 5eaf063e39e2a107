import type { Limits } from './isolation/plan.ts'
import { readMemoryCounts } from './isolation/memory-group.ts'

/** What the kernel has ended in a sandbox for want of memory. It says so in a count alone. */
export type MemoryKills = {
  /** Looks anew. How many processes were ended since the last look, and why; undefined when none was. */
  look(): { why: string; kills: number } | undefined
  /** What was found, or told, in the last five seconds. */
  recent(): string | undefined
  /** The host itself ends the sandbox for it. */
  ends(why: string): void
  /** Whether the count is of this sandbox alone. Else what was ended may have been in another one. */
  readonly ofOne: boolean
}

const recentMs = 5000

export const overMemory = (limits: Pick<Limits, 'memoryBytes'>) => `the memory limit of ${Math.round(limits.memoryBytes / 2 ** 20)} MB was reached`
const serverFull = 'the server had no more memory'

/**
 * @param own the sandbox's own control group; undefined where it has none
 * @param around the group of the server, whose limit the sandbox meets as well: that of its container
 */
export function countMemoryKills(own: string | undefined, around: string | undefined, limits: Limits): MemoryKills {
  const folder = own ?? around
  let before = folder === undefined ? undefined : readMemoryCounts(folder)
  let last: { why: string; at: number } | undefined
  const ends = (why: string) => void (last = { why, at: performance.now() })
  return {
    ofOne: own !== undefined,
    ends,
    look() {
      if (folder === undefined || !before) return undefined
      const now = readMemoryCounts(folder)
      // Gone with its sandbox.
      if (!now) return undefined
      const { kills, atLimit } = before
      before = now
      if (now.kills <= kills) return undefined
      const why = own !== undefined && now.atLimit > atLimit ? overMemory(limits) : serverFull
      ends(why)
      return { why, kills: now.kills - kills }
    },
    recent: () => (last && performance.now() - last.at < recentMs ? last.why : undefined),
  }
}
