import { readdirSync, readFileSync } from 'node:fs'

export const tagName = 'ATRIUM_COMMAND'

/**
 * Kills every process whose environment carries a mark that begins so, until none is left: what a command started stays
 * its own when it leaves the command's process group. At most a hundred rounds, against one that forks as fast.
 */
export async function killTagged(mark: string): Promise<void> {
  const needle = `${tagName}=${mark}`
  for (let round = 0; round < 100; round++) {
    let found = 0
    for (const name of readdirSync('/proc')) {
      const pid = Number(name)
      if (!Number.isInteger(pid) || pid === process.pid) continue
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(needle)) continue
        // Stopped first, so that it cannot fork while the others are found.
        process.kill(pid, 'SIGSTOP')
        process.kill(pid, 'SIGKILL')
        found++
      } catch {
        // It ended meanwhile, or is not ours to see.
      }
    }
    if (found === 0) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
