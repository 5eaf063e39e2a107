import { constants } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { lstat, mkdir, open, readlink, rm } from 'node:fs/promises'
import { pathIn } from './byte-path.ts'
import type { BytePath } from './byte-path.ts'
import { createCopier, inTarget } from './copy-file.ts'
import { walkFolder } from './walk-folder.ts'

export { pathIn }
export type { BytePath }

export type Mirrored =
  | { kind: 'folder'; path: BytePath; mode: number }
  | { kind: 'file'; path: BytePath; mode: number; changedAt: number }
  /** Listed only: a mirror makes no links. */
  | { kind: 'link'; path: BytePath; target: BytePath }

export type LeftOut = { path: BytePath; why: string }

export type Mirror = {
  /**
   * Copies what is new or has changed since the pass before, and removes what is gone. While others write, what it has is torn, and
   * the next pass mends that; a pass while nobody writes has all as it is.
   * @throws TargetError when the copy cannot be written; whatever aborted `signal`
   */
  pass(signal?: AbortSignal): Promise<{ files: number; bytes: number }>
  /** As of the last pass, folders before what is in them. */
  entries(): Mirrored[]
  /** What could not be read. */
  leftOut(): LeftOut[]
}

/** A file that changed so shortly before it was copied may change again without another time: the clock of files ticks slowly. */
const settledMs = 100
type Known = { entry: Mirrored; stamp: string; seenIn: number }

/**
 * Brings the folder `to` level with `from`, pass by pass. No link is followed.
 * @param skips names what is not copied
 */
export function createMirror({
  from,
  to,
  skips = () => false,
}: {
  from: string
  to: string
  skips?(path: BytePath, isFolder: boolean): boolean
}): Mirror {
  const known = new Map<BytePath, Known>()
  let problems: LeftOut[] = []
  let passes = 0
  let done = { files: 0, bytes: 0 }
  const copy = createCopier()

  /** @returns whether it is a folder, which is copied */
  async function copyEntry(source: Buffer, path: BytePath): Promise<boolean> {
    const stats = await lstat(source, { bigint: true })
    if (skips(path, stats.isDirectory())) return false
    const mode = Number(stats.mode) & 0o777
    const before = known.get(path)
    if (stats.isFile() && before && before.stamp !== '' && before.stamp === stampOf(stats)) {
      before.seenIn = passes
      return false
    }
    if (stats.isDirectory()) {
      if (!isSame(path, 'folder')) await toTarget(path, (target) => mkdir(target, { mode: 0o700 }))
      note({ kind: 'folder', path, mode }, '')
    } else if (stats.isSymbolicLink()) {
      const link = (await readlink(source, { encoding: 'buffer' })).toString('latin1')
      if (!isSame(path, 'link')) await toTarget(path, async () => undefined)
      note({ kind: 'link', path, target: link }, '')
    } else if (stats.isFile()) {
      await copyWhenChanged(source, path)
    }
    // Sockets, pipes and devices are of processes, which no copy has.
    return stats.isDirectory()
  }

  async function copyWhenChanged(source: Buffer, path: BytePath): Promise<void> {
    const isNew = known.get(path)?.entry.kind !== 'file'
    const now = Date.now()
    // Not held up by a pipe that somebody put there meanwhile.
    const file = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = await file.stat({ bigint: true })
      if (!stats.isFile()) return
      if (isNew) await toTarget(path, async () => undefined)
      const bytes = await copy(file, pathIn(to, path))
      // Only now is it read: others add to it meanwhile.
      done.bytes += bytes
      done.files++
      const stamp = Number(stats.ctimeMs) < now - settledMs ? stampOf(stats) : ''
      note({ kind: 'file', path, mode: Number(stats.mode) & 0o777, changedAt: Number(stats.mtimeMs) }, stamp)
    } catch (error) {
      // Without a note of it nothing may be left of it.
      await inTarget(() => rm(pathIn(to, path), { force: true }))
      throw error
    } finally {
      await file.close()
    }
  }

  const isSame = (path: BytePath, kind: Mirrored['kind']) => known.get(path)?.entry.kind === kind
  const note = (entry: Mirrored, stamp: string) => known.set(entry.path, { entry, stamp, seenIn: passes })

  /** In the place of whatever is there. */
  async function toTarget(path: BytePath, make: (target: Buffer) => Promise<unknown>): Promise<void> {
    const target = pathIn(to, path)
    await inTarget(async () => {
      if (known.has(path)) await removeBelow(path)
      await make(target)
    })
  }

  async function removeBelow(path: BytePath): Promise<void> {
    await rm(pathIn(to, path), { recursive: true, force: true })
    for (const one of known.keys()) if (one === path || one.startsWith(`${path}/`)) known.delete(one)
  }

  return {
    async pass(signal) {
      passes++
      problems = []
      done = { files: 0, bytes: 0 }
      await inTarget(() => mkdir(to, { recursive: true, mode: 0o700 }))
      await walkFolder(from, { visit: copyEntry, leaveOut: (path, why) => void problems.push({ path, why }), signal })
      const gone = [...known.values()].filter((one) => one.seenIn !== passes).map(({ entry }) => entry.path)
      for (const path of gone) if (known.has(path)) await inTarget(() => removeBelow(path))
      return done
    },
    entries: () => [...known.values()].map(({ entry }) => entry).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    leftOut: () => problems,
  }
}

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) => `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
