import type { FSWatcher } from 'node:fs'
import { join, relative } from 'node:path'
import type { Message, Stream } from './connect.ts'
import { lstat, readEntries, watch } from './disk.ts'
import { describeEntry } from './entries.ts'
import { resolveTarget, unfinishedPrefix } from './paths.ts'
import { RpcError } from './connect.ts'
import { heavyFolders } from './heavy.ts'
import type { EventType } from './watch-kinds.ts'
import { createKinds } from './watch-kinds.ts'

/** Folders one watch may hold; the kernel's inotify watches are shared by everybody. */
const maxFolders = 4000

/** Paths whose state is known when the watch begins; of a large folder the rest follows. */
const lookedAtFirst = 1000

/** Changes of one path within this time are told once. */
const gatherMs = 15

/** `WatchDir`: one stream of what changes under a folder. */
export async function watchFolder(message: Message, stream: () => Stream): Promise<void> {
  const root = await resolveTarget(message.path)
  if (!(await lstat(root)).isDirectory()) throw new RpcError('invalid_argument', 'not a folder')
  const watchers = new Map<string, FSWatcher>()
  /** By path: what became of it; and of what is gone, who it was. */
  const pending = new Map<string, Set<EventType>>()
  const gone = new Map<string, string>()
  const kinds = createKinds()
  let timer: NodeJS.Timeout | undefined
  /** One event after the other: what a path was is told by the one before. */
  let turn = Promise.resolve()
  const told: { stream?: Stream } = {}
  let closed = false

  const close = () => {
    closed = true
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
  }

  const flush = async () => {
    timer = undefined
    const moved = new Set([...pending.keys()].map(kinds.identityOf))
    const batch = [...pending].flatMap(([path, types]) => Array.from(types, (type) => ({ path, type })))
    for (const each of batch) if (each.type === 'EVENT_TYPE_REMOVE' && moved.has(gone.get(each.path) ?? '')) each.type = 'EVENT_TYPE_RENAME'
    pending.clear()
    gone.clear()
    for (const { path, type } of batch) {
      const { stream: open } = told
      if (closed || !open) return
      const isThere = type !== 'EVENT_TYPE_REMOVE' && type !== 'EVENT_TYPE_RENAME'
      const entry = message.includeEntry === true && isThere ? await describeEntry(path).catch(() => undefined) : undefined
      const filesystem = { name: relative(root, path), type, ...(entry && { entry }) }
      if (!open.send({ filesystem })) await open.drained()
    }
  }

  const report = (path: string, type: EventType) => {
    if (closed) return
    const already = pending.get(path)
    // Written while it is new: still a creation. Whatever it was, it came or went since.
    const replaces = !already || already.has('EVENT_TYPE_REMOVE') || type === 'EVENT_TYPE_REMOVE' || type === 'EVENT_TYPE_CREATE'
    if (replaces) pending.set(path, new Set([type]))
    else if (!already.has('EVENT_TYPE_CREATE')) already.add(type)
    // Behind the events that wait: the two halves of a renaming are told together.
    timer ??= setTimeout(() => void turn.then(flush), gatherMs)
  }

  const forget = (folder: string) => {
    for (const [path, watcher] of watchers) {
      if (path !== folder && !path.startsWith(`${folder}/`)) continue
      watcher.close()
      watchers.delete(path)
    }
  }

  const addOne = (folder: string): boolean => {
    if (closed || watchers.has(folder) || watchers.size >= maxFolders) return false
    try {
      const watcher = watch(folder, (kind, name) => {
        turn = turn.then(() => changed(folder, kind, name)).catch(() => {})
      })
      watchers.set(folder, watcher)
      watcher.on('error', () => forget(folder))
      return true
    } catch (thrown) {
      // Gone meanwhile, or the kernel has no watches left: the upper folders, added first, are still seen.
      if (folder === root) throw thrown
      return false
    }
  }

  /** Level by level, so that a bound cuts off the deepest. @param isNew what is in it was not reported before */
  const add = async (top: string, isNew: boolean): Promise<void> => {
    const waiting = [top]
    const looking: string[] = []
    for (let at = 0; at < waiting.length; at++) {
      const folder = String(waiting[at])
      if (!addOne(folder)) continue
      for (const entry of await readEntries(folder).catch(() => [])) {
        const path = join(folder, entry.name)
        if (entry.name.startsWith(unfinishedPrefix)) continue
        kinds.found(path)
        looking.push(path)
        if (isNew) report(path, 'EVENT_TYPE_CREATE')
        if (message.recursive === true && entry.isFolder && !heavyFolders.has(entry.name)) waiting.push(path)
      }
    }
    await lookAt(looking.slice(0, lookedAtFirst))
    void lookAt(looking.slice(lookedAtFirst))
  }

  const lookAt = async (paths: string[]): Promise<void> => {
    for (let at = 0; at < paths.length && !closed; at += 256) {
      await Promise.all(
        paths.slice(at, at + 256).map((path) =>
          lstat(path).then(
            (stats) => kinds.looked(path, stats),
            () => {},
          ),
        ),
      )
    }
  }

  const changed = async (folder: string, kind: string, name: string): Promise<void> => {
    if (closed || name.startsWith(unfinishedPrefix)) return
    const path = join(folder, name)
    const stats = await lstat(path).catch(() => undefined)
    if (!stats) {
      // The folder's own end is told under its own name by the folder above it.
      if (folder === root && !(await lstat(root).catch(() => undefined))) return finish()
      if (kind === 'rename') forget(path)
      const was = kinds.gone(path)
      if (was !== undefined) gone.set(path, was)
      return report(path, 'EVENT_TYPE_REMOVE')
    }
    const type = kinds.ofChange(path, stats, kind === 'rename')
    if (type !== undefined) report(path, type)
    if (kind === 'change') return
    if (message.recursive !== true || !stats.isDirectory() || heavyFolders.has(name)) return
    forget(path)
    void add(path, true)
  }

  const finish = () => {
    close()
    told.stream?.end()
  }

  try {
    await add(root, false)
  } catch (thrown) {
    close()
    throw thrown
  }
  const open = stream()
  told.stream = open
  open.onClose(close)
  open.send({ start: {} })
}
