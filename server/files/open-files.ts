import { asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import { isHeavy } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { formatDocumentName } from '#shared/wire/document-names.ts'
import { createMergeBases } from './merge-bases.ts'
import { createDisk, type Disk } from './disk.ts'
import { createLiveFile, type LiveFile } from './live-file.ts'
import type { FileProjection } from './file-projection.ts'

type Deps = {
  database: Database
  documents: Documents
  sandboxes: Sandboxes
  view: FileProjection
  clock: Clock
  log: Logger
  /** @returns whether the document is there now */
  carry(from: FilePath, to: FilePath, by: FileAuthor): Promise<boolean>
}

/** Everything is looked at this often besides: a watch may miss what it has no room for. */
const lookAgainMs = 10_000
const watchRetryMs = 1_000
/** What a command changed is told this much later. */
const commandEchoMs = 400
const notedMs = 2_000

export type OpenProject = ReturnType<typeof createOpenProject>

/** The open files of one project: one watch and one way to the disk for all of them. */
export function createOpenProject(projectId: ProjectId, deps: Deps) {
  const { database, documents, sandboxes, view, clock } = deps
  const log = deps.log.child({ projectId })
  const files = new Map<FilePath, LiveFile>()
  const closing = new Map<FilePath, Promise<void>>()
  /** `endedAt` is 0 while one goes on. ms of `performance.now()`. */
  let commands: { author: FileAuthor; beganAt: number; endedAt: number }[] = []
  /** Folders inside those that a watch of everything leaves out. */
  const heavy = new Map<FolderPath, () => Promise<void>>()
  let noted: { author: FileAuthor; paths: ReadonlySet<FilePath> | undefined; until: number }[] = []
  let unwatch: (() => Promise<void>) | undefined
  let watching = false
  let stopped = false

  const isRunning = async () => (await sandboxes.state(projectId)).status === 'running'

  /** Those that go on or have just ended. */
  function commandsNow() {
    const now = performance.now()
    commands = commands.filter(({ endedAt }) => endedAt === 0 || now - endedAt <= commandEchoMs)
    return commands
  }

  /** Who changed the disk: whoever said so, or the run whose command goes on or has just ended. */
  function diskAuthor(path: FilePath): FileAuthor {
    const now = performance.now()
    noted = noted.filter(({ until }) => until > now)
    const told = noted.findLast(({ paths }) => !paths || paths.has(path) || [...paths].some((folder) => path.startsWith(`${folder}/`)))
    return told?.author ?? commandsNow().at(-1)?.author ?? { kind: 'sandbox' }
  }

  const disk: Disk = createDisk({
    sandbox: () => sandboxes.get(projectId),
    onLate: (path, was, text) =>
      void files
        .get(path)
        ?.late(was, text)
        .catch((error: unknown) => log.warn({ err: error }, 'a late write was not taken in')),
  })

  function changedIn(folders: FolderPath[]): void {
    const changed = new Set<string>(folders)
    for (const file of files.values()) {
      const parts = file.path.split('/').slice(0, -1)
      // A folder that came, went or was moved is told as a change of the one it is in.
      if (parts.some((_, at) => changed.has(parts.slice(0, at).join('/'))) || changed.has(parts.join('/'))) file.look()
    }
  }

  async function watch(): Promise<void> {
    if (watching || stopped || files.size === 0) return
    watching = true
    try {
      if (!(await isRunning())) throw new Error('the sandbox does not run')
      const sandbox = await sandboxes.get(projectId)
      const stop = await sandbox.files.watch(changedIn, () => {
        unwatch = undefined
        watching = false
        for (const folder of heavy.keys()) heavy.delete(folder)
        setTimeout(() => void watch(), watchRetryMs).unref()
      })
      if (stopped || files.size === 0) return await stop()
      unwatch = stop
      for (const file of files.values()) void watchHeavy(file.path)
      for (const file of files.values()) file.look()
    } catch (error) {
      watching = false
      log.debug({ err: error }, 'the disk is not watched for open files')
    }
  }

  async function watchHeavy(path: FilePath): Promise<void> {
    const folder = path.split('/').slice(0, -1).join('/') as FolderPath
    if (!isHeavy(folder) || heavy.has(folder) || !unwatch) return
    heavy.set(folder, async () => undefined)
    try {
      const sandbox = await sandboxes.get(projectId)
      heavy.set(
        folder,
        await sandbox.files.watch(
          () => changedIn([folder]),
          () => heavy.delete(folder),
          folder,
        ),
      )
    } catch {
      heavy.delete(folder)
    }
  }

  async function rest(): Promise<void> {
    const stop = unwatch
    unwatch = undefined
    watching = false
    const all = [stop, ...heavy.values()]
    heavy.clear()
    await Promise.all(all.map(async (end) => end?.().catch(() => undefined)))
    await disk.close()
  }

  const again = setInterval(() => {
    if (!watching) void watch()
    for (const file of files.values()) file.look()
  }, lookAgainMs)
  again.unref()

  return {
    disk,
    files,
    diskAuthor,
    make(path: FilePath): LiveFile {
      const name = { kind: 'file', projectId, path } as const
      const texts = createMergeBases({ database, clock, document: formatDocumentName(name), projectId })
      const made: LiveFile = createLiveFile({
        projectId,
        path,
        documents,
        disk,
        texts,
        view,
        sandbox: () => sandboxes.get(projectId),
        isRunning,
        diskAuthor: () => diskAuthor(path),
        readSince: () => (commandsNow().length > 0 ? Math.min(...commands.map(({ beganAt }) => beganAt)) : undefined),
        takenBy: (hash) => [...files.values()].find((file) => file.path !== path && file.hasTaken(hash))?.path,
        wentTo: (to, by) => deps.carry(path, to, by),
        clock,
        log,
      })
      files.set(path, made)
      return made
    },
    opened(path: FilePath): void {
      void watch().then(() => watchHeavy(path))
    },
    /** Its document is not loaded any more. */
    async closed(file: LiveFile): Promise<void> {
      if (files.get(file.path) === file) files.delete(file.path)
      const done = file.close().catch((error: unknown) => {
        if (asAppError(error).code === 'internal' && !stopped) log.warn({ err: error }, 'an open file was not put away')
      })
      closing.set(file.path, done)
      await done
      if (closing.get(file.path) === done) closing.delete(file.path)
      if (!files.has(file.path)) await view.forget(projectId, file.path).catch(() => undefined)
      if (files.size === 0) await rest()
    },
    /** Its last life has ended. */
    wasClosed: (path: FilePath) => closing.get(path),
    noted(author: FileAuthor, paths: FilePath[] | undefined): void {
      noted.push({ author, paths: paths && new Set(paths), until: performance.now() + notedMs })
    },
    /** What was noted of these paths has happened: what changes there from now on is somebody else's. */
    done(paths: FilePath[] | undefined): void {
      const isSeen = [...files.keys()].some((path) => !paths || paths.some((one) => path === one || path.startsWith(`${one}/`)))
      // Where nothing is open, nobody will ask.
      const until = isSeen ? performance.now() + commandEchoMs : 0
      const isOver = (one: ReadonlySet<FilePath> | undefined) => !paths || (one && paths.every((path) => one.has(path)))
      for (const one of noted) if (isOver(one.paths)) one.until = Math.min(one.until, until)
    },
    commandBegan(author: FileAuthor): () => void {
      const command = { author, beganAt: performance.now(), endedAt: 0 }
      commands.push(command)
      return () => void (command.endedAt = performance.now())
    },
    sandboxChanged(running: boolean): void {
      if (running) {
        void watch()
        for (const file of files.values()) file.look()
      } else for (const file of files.values()) file.sandboxStopped()
    },
    async stop(): Promise<void> {
      stopped = true
      clearInterval(again)
      await Promise.all([...files.values()].map((file) => file.settle().catch(() => undefined)))
      await Promise.all([...files.values()].map((file) => file.close().catch(() => undefined)))
      await rest()
    },
  }
}
