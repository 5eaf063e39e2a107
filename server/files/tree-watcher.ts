import { asAppError } from '#shared/base/errors.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import type { Logger } from '../base/logger.ts'
import { isHeavy } from '../sandboxes/port.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { createFolderLru, listingOf } from './folder-lru.ts'

export type TreeWatcher = {
  /** The sandbox began or ceased to run. */
  sandboxChanged(running: boolean): void
  /** @throws AppError when the sandbox does not start. Folders that are not there are passed over. */
  expand(paths: FolderPath[]): Promise<void>
  close(): Promise<void>
}

/** Listing again takes at most about this share of the time, however fast the files change. */
const listShare = 0.2
const maxRestMs = 5000
const firstRetryMs = 500
const maxRetryMs = 30_000

/** One room's live tree: watches, lists again what changed, and publishes it. One listing round at a time. */
export function createTreeWatcher(deps: {
  log: Logger
  sandbox(): Promise<Sandbox>
  isRunning(): Promise<boolean>
  /** The folders that the document holds from earlier. */
  heldFolders(): Promise<FolderPath[]>
  publish(changed: FolderListing[], gone: FolderPath[]): Promise<void>
}): TreeWatcher {
  const { log } = deps
  const held = createFolderLru()
  const dirty = new Set<FolderPath>()
  /** Watches of single folders inside heavy ones, by folder. */
  const single = new Map<FolderPath, () => Promise<void>>()
  let unwatch: (() => Promise<void>) | undefined
  let watching = false
  let closed = false
  let round: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  /** Listing, or resting after it. */
  let busy = false
  let retryMs = firstRetryMs
  let loaded: Promise<void> | undefined

  const load = () =>
    (loaded ??= deps.heldFolders().then((paths) => {
      for (const path of paths) held.use(path)
    }))

  async function listRound(): Promise<void> {
    const sandbox = await deps.sandbox()
    const changed: FolderListing[] = []
    const gone: FolderPath[] = []
    const wanted = [...dirty].filter((path) => held.has(path))
    dirty.clear()
    for (const path of wanted) {
      if (!held.has(path)) continue
      try {
        const listing = listingOf(path, await sandbox.files.list(path))
        held.measure(listing)
        changed.push(listing)
      } catch (thrown) {
        const { code } = asAppError(thrown)
        if (code !== 'not_found' && code !== 'invalid_input') throw thrown
        gone.push(...held.drop(path))
      }
    }
    gone.push(...held.evict())
    await deps.publish(
      changed.filter(({ path }) => held.has(path)),
      gone,
    )
    for (const path of gone) await unwatchSingle(path)
  }

  /** Lists what is dirty, in rounds, until nothing is. Every caller's changes are in the document when it resolves. */
  function refresh(): Promise<void> {
    if (!round) {
      round = listRound().finally(() => (round = undefined))
      return round
    }
    return round.catch(() => undefined).then(() => (dirty.size === 0 ? undefined : refresh()))
  }

  function changedIn(paths: FolderPath[]): void {
    for (const path of paths) if (held.has(path)) dirty.add(path)
    if (dirty.size === 0 || busy || closed) return
    void work()
  }

  async function work(): Promise<void> {
    const began = performance.now()
    busy = true
    try {
      // Nobody's sandbox is started only to list it.
      if (await deps.isRunning()) await refresh()
    } catch (thrown) {
      log.debug({ err: thrown }, 'the tree could not be brought level')
    }
    const restMs = Math.min((performance.now() - began) / listShare, maxRestMs)
    timer = setTimeout(() => {
      busy = false
      if (dirty.size > 0 && !closed) void work()
    }, restMs)
  }

  async function watch(): Promise<void> {
    if (watching || closed) return
    watching = true
    try {
      await load()
      const sandbox = await deps.sandbox()
      const stop = await sandbox.files.watch(changedIn, () => void ended())
      if (closed) {
        await stop()
        return
      }
      unwatch = stop
      retryMs = firstRetryMs
      for (const path of held.paths()) await watchSingle(sandbox, path)
      changedIn(held.paths())
    } catch (thrown) {
      watching = false
      log.debug({ err: thrown }, 'the workspace could not be watched')
      retry()
    }
  }

  /** The stream broke: while the sandbox runs, it is opened again and everything listed anew. */
  async function ended(): Promise<void> {
    unwatch = undefined
    watching = false
    await unwatchAll()
    retry()
  }

  function retry(): void {
    if (closed) return
    const wait = setTimeout(() => {
      void deps.isRunning().then((running) => (running ? watch() : undefined))
    }, retryMs)
    wait.unref()
    retryMs = Math.min(retryMs * 2, maxRetryMs)
  }

  async function watchSingle(sandbox: Sandbox, path: FolderPath): Promise<void> {
    if (path === '' || !isHeavy(path) || single.has(path) || closed) return
    single.set(path, async () => {})
    try {
      const stop = await sandbox.files.watch(
        () => changedIn([path]),
        () => void single.delete(path),
        path,
      )
      single.set(path, stop)
    } catch {
      single.delete(path)
    }
  }

  async function unwatchSingle(path: FolderPath): Promise<void> {
    const stop = single.get(path)
    single.delete(path)
    await stop?.().catch(() => undefined)
  }
  const unwatchAll = async () => {
    for (const path of single.keys()) await unwatchSingle(path)
  }

  async function unwatchEverything(): Promise<void> {
    const stop = unwatch
    unwatch = undefined
    watching = false
    await stop?.().catch(() => undefined)
    await unwatchAll()
  }

  return {
    sandboxChanged(running) {
      if (running) void watch()
      else void unwatchEverything()
    },
    async expand(paths) {
      await load()
      for (const path of paths) {
        held.use(path)
        dirty.add(path)
        for (const above of foldersAbove(path)) dirty.add(above)
      }
      await refresh()
      if (!watching) return
      const sandbox = await deps.sandbox()
      for (const path of paths) if (held.has(path)) await watchSingle(sandbox, path)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await unwatchEverything()
      await round?.catch(() => undefined)
    },
  }
}

function foldersAbove(path: FolderPath): FolderPath[] {
  const parts = path.split('/').slice(0, -1)
  return ['' as FolderPath, ...parts.map((_, at) => parts.slice(0, at + 1).join('/') as FolderPath)]
}
