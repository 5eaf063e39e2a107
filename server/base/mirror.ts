import { constants } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { lstat, mkdir, open, readdir, readlink, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createCopier, inTarget, TargetError } from './copy-file.ts'

/**
 * Paths in a mirror are relative and hold one character for each byte (latin1): names of files are bytes, and programs make
 * some that are no text.
 */
export type BytePath = string

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

/** Files of one folder that are looked at together. */
const atOnce = 8
/** A file that changed so shortly before it was copied may change again without another time: the clock of files ticks slowly. */
const settledMs = 100
/** Deeper, and with longer paths, a copy could not be written. */
const most = { depth: 200, pathBytes: 3000 }

type Known = { entry: Mirrored; stamp: string; seenIn: number }

/** For the system. */
export const pathIn = (folder: string | Buffer, path: BytePath): Buffer =>
  Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(path, 'latin1')])

/**
 * Brings the folder `to` level with `from`, pass by pass. No link is followed, also when somebody puts one in the place of a folder
 * meanwhile: on Linux every name is looked up in the folder that was opened.
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

  async function walk(folder: FileHandle, path: BytePath, depth: number, signal?: AbortSignal): Promise<void> {
    const at = process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : pathIn(from, path)
    const names = (await readdir(at, { encoding: 'buffer' })).map((name) => name.toString('latin1')).toSorted()
    const folders: BytePath[] = []
    const look = async (name: BytePath) => {
      const full = path === '' ? name : `${path}/${name}`
      if (full.length > most.pathBytes) return void problems.push({ path: full, why: 'its path is too long' })
      await copyEntry(pathIn(at, name), full, () => folders.push(name))
    }
    for (let first = 0; first < names.length; first += atOnce) {
      signal?.throwIfAborted()
      const looked = names.slice(first, first + atOnce).map((name) => look(name).catch((error: unknown) => leaveOut(path, name, error)))
      // Nothing is written any more when this throws.
      for (const one of await Promise.allSettled(looked)) if (one.status === 'rejected') throw one.reason
    }
    for (const name of folders) await walkInto(pathIn(at, name), path === '' ? name : `${path}/${name}`, depth + 1, signal)
  }

  async function walkInto(source: Buffer | string, path: BytePath, depth: number, signal?: AbortSignal): Promise<void> {
    if (depth > most.depth) return void problems.push({ path, why: 'it is too deep' })
    let folder: FileHandle
    try {
      folder = await open(source, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
    } catch (error) {
      return leaveOut('', path, error)
    }
    try {
      await walk(folder, path, depth, signal)
    } finally {
      await folder.close()
    }
  }

  function leaveOut(folder: BytePath, name: BytePath, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException
    // It went away, or something else took its place: the next pass sees what.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return
    if (error instanceof TargetError || (code !== 'EACCES' && code !== 'EPERM' && code !== 'EIO')) throw error
    problems.push({ path: folder === '' ? name : `${folder}/${name}`, why: code === 'EIO' ? 'the disk cannot read it' : 'it may not be read' })
  }

  async function copyEntry(source: Buffer, path: BytePath, isFolder: () => void): Promise<void> {
    const stats = await lstat(source, { bigint: true })
    if (skips(path, stats.isDirectory())) return
    const mode = Number(stats.mode) & 0o777
    const before = known.get(path)
    if (stats.isFile() && before && before.stamp !== '' && before.stamp === stampOf(stats)) return void (before.seenIn = passes)
    if (stats.isDirectory()) {
      if (!isSame(path, 'folder')) await toTarget(path, (target) => mkdir(target, { mode: 0o700 }))
      note({ kind: 'folder', path, mode }, '')
      isFolder()
    } else if (stats.isSymbolicLink()) {
      const link = (await readlink(source, { encoding: 'buffer' })).toString('latin1')
      if (!isSame(path, 'link')) await toTarget(path, async () => undefined)
      note({ kind: 'link', path, target: link }, '')
    } else if (stats.isFile()) {
      await copyWhenChanged(source, path)
    }
    // Sockets, pipes and devices are of processes, which no copy has.
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
      done.bytes += await copy(file, pathIn(to, path))
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
      const root = await open(from, constants.O_RDONLY | constants.O_DIRECTORY)
      try {
        await walk(root, '', 0, signal)
      } finally {
        await root.close()
      }
      const gone = [...known.values()].filter((one) => one.seenIn !== passes).map(({ entry }) => entry.path)
      for (const path of gone) if (known.has(path)) await inTarget(() => removeBelow(path))
      return done
    },
    entries: () => [...known.values()].map(({ entry }) => entry).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    leftOut: () => problems,
  }
}

const stampOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats) => `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
