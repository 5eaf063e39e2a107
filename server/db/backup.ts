import { constants, readdirSync, statSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const hourMs = 3_600_000
const kept = 2

/**
 * Copies of the database's folder, `<time>` each, complete by construction: a copy gets its name when it is whole.
 * To go back to one, stop the server and put it in place of the folder.
 */
export function createBackups({ from, into, now }: { from: string; into: string; now: () => number }) {
  const startedAt = now()
  /** A database that was made today needs no copy yet. */
  let last = newest(into) || madeAt(from) || startedAt

  return {
    /** While running every six hours, and when stopping if the newest is older than a day. */
    due(when: 'running' | 'stop'): boolean {
      if (when === 'stop') return now() - last > 24 * hourMs
      return now() - Math.max(last, startedAt) > 6 * hourMs
    },
    /** The caller sees to it that nothing writes meanwhile. */
    async make(): Promise<void> {
      const at = now()
      const part = join(into, 'part')
      await mkdir(into, { recursive: true })
      await rm(part, { recursive: true, force: true })
      await cp(from, part, { recursive: true, mode: constants.COPYFILE_FICLONE })
      await rename(part, join(into, String(at)))
      last = at
      const old = (await readdir(into)).filter((name) => /^\d+$/.test(name)).toSorted((a, b) => Number(b) - Number(a))
      for (const name of old.slice(kept)) await rm(join(into, name), { recursive: true, force: true })
    },
  }
}

function madeAt(from: string): number {
  try {
    return statSync(join(from, 'PG_VERSION')).mtimeMs
  } catch {
    return 0
  }
}

function newest(into: string): number {
  try {
    return Math.max(0, ...readdirSync(into).map(Number).filter(Number.isFinite))
  } catch {
    return 0
  }
}
