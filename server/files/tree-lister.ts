import { asAppError } from '#shared/base/errors.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FolderListing } from '#shared/files/schema.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { createFolderLru, listingOf } from './folder-lru.ts'

/** Listing again takes at most about this share of the time, however fast the files change. */
const listShare = 0.2
const maxRestMs = 5000

export type TreeListerDeps = {
  log: Logger
  sandbox(): Promise<Sandbox>
  isRunning(): Promise<boolean>
  /** The folders that the document holds from earlier. */
  foldersInDocument(): Promise<FolderPath[]>
  publish(changed: FolderListing[], gone: FolderPath[]): Promise<void>
}

/**
 * The folders of one room's tree, and their listings: lists again what changed, and publishes it. One round at a time.
 * @param deps `dropped`: the tree does not hold this folder any more
 */
export function createTreeLister(deps: TreeListerDeps & { dropped(folder: FolderPath): Promise<void> }) {
  const held = createFolderLru()
  const dirty = new Set<FolderPath>()
  let closed = false
  let round: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  /** Listing, or resting after it. */
  let busy = false
  let loaded: Promise<void> | undefined

  const load = () =>
    (loaded ??= deps.foldersInDocument().then((paths) => {
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
    for (const path of gone) await deps.dropped(path)
  }

  /** Lists what is dirty, in rounds, until nothing is. Every caller's changes are in the document when it resolves. */
  function refresh(): Promise<void> {
    if (!round) {
      round = listRound().finally(() => (round = undefined))
      return round
    }
    return round.catch(() => undefined).then(() => (dirty.size === 0 ? undefined : refresh()))
  }

  async function work(): Promise<void> {
    const began = performance.now()
    busy = true
    try {
      // Nobody's sandbox is started only to list it.
      if (await deps.isRunning()) await refresh()
    } catch (thrown) {
      deps.log.debug({ err: thrown }, 'the tree could not be brought level')
    }
    const restMs = Math.min((performance.now() - began) / listShare, maxRestMs)
    timer = setTimeout(() => {
      busy = false
      if (dirty.size > 0 && !closed) void work()
    }, restMs)
  }

  return {
    /** Before anything else: the folders that the document holds are held. */
    load,
    has: held.has,
    folders: held.paths,
    changedIn(paths: FolderPath[]): void {
      for (const path of paths) if (held.has(path)) dirty.add(path)
      if (dirty.size === 0 || busy || closed) return
      void work()
    },
    /** Holds these folders; resolves when they, and those above them, are listed. */
    async expand(paths: FolderPath[]): Promise<void> {
      for (const path of paths) {
        held.use(path)
        dirty.add(path)
        for (const above of foldersAbove(path)) dirty.add(above)
      }
      await refresh()
    },
    /** Nothing is listed any more. */
    stop(): void {
      closed = true
      clearTimeout(timer)
    },
    /** Resolves when the round that goes on has ended. */
    ended: async (): Promise<void> => round?.catch(() => undefined),
  }
}

function foldersAbove(path: FolderPath): FolderPath[] {
  const parts = path.split('/').slice(0, -1)
  return ['' as FolderPath, ...parts.map((_, at) => parts.slice(0, at + 1).join('/') as FolderPath)]
}
