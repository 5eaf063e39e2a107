import { join, relative } from 'node:path'
import type { Message, Stream } from './connect.ts'
import { RpcError } from './connect.ts'
import { lstat, readEntries } from './disk.ts'
import { describeEntry } from './entries.ts'
import { heavyFolders } from './heavy.ts'
import { resolveTarget, unfinishedPrefix } from './paths.ts'
import { createBatch } from './watch-batch.ts'
import type { Change } from './watch-batch.ts'
import { createFolderWatches } from './watch-folders.ts'
import { createKinds } from './watch-kinds.ts'

/** Paths whose state is known when the watch begins; of a large folder the rest follows. */
const lookedAtFirst = 1000

/** Changes of one path within this time are told once. */
const gatherMs = 15

/** `WatchDir`: one stream of what changes under a folder. */
export async function watchFolder(message: Message, stream: () => Stream): Promise<void> {
  const root = await resolveTarget(message.path)
  if (!(await lstat(root)).isDirectory()) throw new RpcError('invalid_argument', 'not a folder')
  const watch = createWatch({ root, isRecursive: message.recursive === true, withEntry: message.includeEntry === true })
  try {
    await watch.begin()
  } catch (thrown) {
    watch.close()
    throw thrown
  }
  watch.tellTo(stream())
}

function createWatch({ root, isRecursive, withEntry }: { root: string; isRecursive: boolean; withEntry: boolean }) {
  const kinds = createKinds()
  const batch = createBatch()
  /** One event after the other: what a path was is told by the one before. */
  let turn = Promise.resolve()
  const folders = createFolderWatches(root, (folder, kind, name) => {
    turn = turn.then(() => changed(folder, kind, name)).catch(() => {})
  })
  let timer: NodeJS.Timeout | undefined
  let to: Stream | undefined
  let closed = false

  function close(): void {
    closed = true
    clearTimeout(timer)
    folders.close()
  }

  async function flush(): Promise<void> {
    timer = undefined
    for (const { path, type } of batch.take(kinds.identityOf)) {
      if (closed || !to) return
      const isThere = type !== 'EVENT_TYPE_REMOVE' && type !== 'EVENT_TYPE_RENAME'
      const entry = withEntry && isThere ? await describeEntry(path).catch(() => undefined) : undefined
      const filesystem = { name: relative(root, path), type, ...(entry && { entry }) }
      if (!to.send({ filesystem })) await to.drained()
    }
  }

  /** Behind the events that wait: the two halves of a renaming are told together. */
  function flushSoon(): void {
    timer ??= setTimeout(() => void turn.then(flush), gatherMs)
  }

  function report(change: Change): void {
    if (closed) return
    batch.add(change)
    flushSoon()
  }

  const mayDescend = (name: string) => isRecursive && !heavyFolders.has(name)

  /** Level by level, so that a bound cuts off the deepest. @param isNew what is in it was not reported before */
  async function add(top: string, isNew: boolean): Promise<void> {
    const waiting = [top]
    const looking: string[] = []
    for (let at = 0; at < waiting.length; at++) {
      const folder = String(waiting[at])
      if (closed || !folders.add(folder)) continue
      for (const entry of await readEntries(folder).catch(() => [])) {
        const path = join(folder, entry.name)
        if (entry.name.startsWith(unfinishedPrefix)) continue
        kinds.found(path)
        looking.push(path)
        if (isNew) report({ path, type: 'EVENT_TYPE_CREATE' })
        if (entry.isFolder && mayDescend(entry.name)) waiting.push(path)
      }
    }
    await lookAt(looking.slice(0, lookedAtFirst))
    void lookAt(looking.slice(lookedAtFirst))
  }

  async function lookAt(paths: string[]): Promise<void> {
    const look = (path: string) =>
      lstat(path).then(
        (stats) => kinds.looked(path, stats),
        () => {},
      )
    for (let at = 0; at < paths.length && !closed; at += 256) await Promise.all(paths.slice(at, at + 256).map(look))
  }

  async function changed(folder: string, kind: string, name: string): Promise<void> {
    if (closed || name.startsWith(unfinishedPrefix)) return
    const path = join(folder, name)
    const stats = await lstat(path).catch(() => undefined)
    if (!stats) return removed(folder, kind, path)
    const type = kinds.ofChange(path, stats, kind === 'rename')
    if (type !== undefined) report({ path, type })
    if (kind === 'change' || !stats.isDirectory() || !mayDescend(name)) return
    folders.forget(path)
    void add(path, true)
  }

  async function removed(folder: string, kind: string, path: string): Promise<void> {
    // The folder's own end is told under its own name by the folder above it.
    if (folder === root && !(await lstat(root).catch(() => undefined))) {
      close()
      return to?.end()
    }
    if (kind === 'rename') folders.forget(path)
    const identity = kinds.gone(path)
    if (closed) return
    batch.remove(path, identity)
    flushSoon()
  }

  return {
    begin: () => add(root, false),
    close,
    tellTo(stream: Stream): void {
      to = stream
      stream.onClose(close)
      stream.send({ start: {} })
    },
  }
}
