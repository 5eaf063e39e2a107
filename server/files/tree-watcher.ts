import type { FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { createFolderWatches } from './folder-watches.ts'
import { watchShared } from './shared-watch.ts'
import { createTreeLister, type TreeListerDeps } from './tree-lister.ts'

export type TreeWatcher = {
  /** The sandbox began or ceased to run. */
  sandboxChanged(running: boolean): void
  /** @throws AppError when the sandbox does not start. Folders that are not there are passed over. */
  expand(paths: FolderPath[]): Promise<void>
  close(): Promise<void>
}

const firstRetryMs = 500
const maxRetryMs = 30_000

/** One room's live tree: watches the workspace, and has listed again what changed. */
export function createTreeWatcher(deps: TreeListerDeps): TreeWatcher {
  const { log } = deps
  const lister = createTreeLister({ ...deps, dropped: (folder) => single.remove(folder) })
  const single = createFolderWatches(lister.changedIn)
  let unwatch: (() => Promise<void>) | undefined
  let watching = false
  let closed = false
  let retryMs = firstRetryMs

  async function watch(): Promise<void> {
    if (watching || closed) return
    watching = true
    try {
      await lister.load()
      const sandbox = await deps.sandbox()
      const stop = await watchShared(sandbox, lister.changedIn, () => void ended())
      if (closed) {
        await stop()
        return
      }
      unwatch = stop
      retryMs = firstRetryMs
      await watchSingle(sandbox, lister.folders())
      lister.changedIn(lister.folders())
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
    await single.removeAll()
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

  async function watchSingle(sandbox: Sandbox, folders: FolderPath[]): Promise<void> {
    for (const folder of folders) if (lister.has(folder) && !closed) await single.add(folder, async () => sandbox)
  }

  async function unwatchEverything(): Promise<void> {
    const stop = unwatch
    unwatch = undefined
    watching = false
    await stop?.().catch(() => undefined)
    await single.removeAll()
  }

  return {
    sandboxChanged(running) {
      if (running) void watch()
      else void unwatchEverything()
    },
    async expand(paths) {
      await lister.load()
      await lister.expand(paths)
      if (watching) await watchSingle(await deps.sandbox(), paths)
    },
    async close() {
      closed = true
      lister.stop()
      await unwatchEverything()
      await lister.ended()
    },
  }
}
