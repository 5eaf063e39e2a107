import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError } from '../config.ts'

const Lock = z.object({ pid: z.number().int(), startedAt: z.string() })
type Lock = z.infer<typeof Lock>

/**
 * Takes the lock file at `path`, which names this process; hands back what releases it. The lock of a process that is
 * gone is taken over. A number that a new process was given again is told apart by when that process started.
 * @throws ConfigError when a living process holds it.
 */
export function takeLock(path: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, startedAt: processStart(process.pid) ?? 'unknown' } satisfies Lock)
  const draft = `${path}.${process.pid}.${randomUUID()}`
  writeFileSync(draft, mine)
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (tryLink(draft, path)) return () => release(path, mine)
      const found = read(path)
      if (found === undefined) continue
      const holder = parse(found)
      if (holder && isAlive(holder)) {
        throw new ConfigError(
          `The data in ${path.replace(/\.lock$/, '')} is in use by another Atrium (process ${holder.pid}). Stop it, or set ATRIUM_DATA_DIR to another folder.`,
        )
      }
      removeStale(path, found)
    }
    throw new ConfigError(`The lock ${path} could not be taken: other processes keep taking it.`)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** A link is made with its content in one step, so that nobody reads a half-written lock. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves it aside first and looks again: between the look and the move another process may have taken it over. */
function removeStale(path: string, seen: string): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (read(aside) !== seen) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true })
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Lock | undefined {
  try {
    return Lock.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function isAlive({ pid, startedAt }: Lock): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const started = processStart(pid)
  return started === undefined || started === startedAt
}

/** When a process started, in the kernel's ticks; `gone` for one that has ended and was not collected; undefined where it cannot be known. */
function processStart(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The second field is the command in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' ? 'gone' : fields[19]
}
