import { asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { formatDocumentName } from '#shared/wire/document-names.ts'
import { createMergeBases } from './merge-bases.ts'
import { createDisk, type Disk } from './disk.ts'
import { createDiskAuthors, isAmong } from './disk-authors.ts'
import { createLiveFile, type LiveFile } from './live-file.ts'
import type { FileProjection } from './file-projection.ts'
import { createOpenFilesWatch } from './open-files-watch.ts'

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

export type OpenProject = ReturnType<typeof createOpenProject>

/** The open files of one project: one watch and one way to the disk for all of them. */
export function createOpenProject(projectId: ProjectId, deps: Deps) {
  const { database, documents, sandboxes, view, clock } = deps
  const log = deps.log.child({ projectId })
  const files = new Map<FilePath, LiveFile>()
  const closing = new Map<FilePath, Promise<void>>()
  const authors = createDiskAuthors()
  let stopped = false

  const isRunning = async () => (await sandboxes.state(projectId)).status === 'running'

  const disk: Disk = createDisk({
    sandbox: () => sandboxes.get(projectId),
    onLate: (path, was, text) =>
      void files
        .get(path)
        ?.late(was, text)
        .catch((error: unknown) => log.warn({ err: error }, 'a late write was not taken in')),
  })

  const watch = createOpenFilesWatch(projectId, { sandboxes, files, isRunning, log })

  async function rest(): Promise<void> {
    await watch.end()
    await disk.close()
  }

  const again = setInterval(() => {
    if (!watch.isWatching()) void watch.begin()
    for (const file of files.values()) file.look()
  }, lookAgainMs)
  again.unref()

  return {
    disk,
    files,
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
        diskAuthor: () => authors.authorOf(path),
        readSince: authors.commandsSince,
        takenBy: (hash) => [...files.values()].find((file) => file.path !== path && file.hasTaken(hash))?.path,
        wentTo: (to, by) => deps.carry(path, to, by),
        clock,
        log,
      })
      files.set(path, made)
      return made
    },
    opened(path: FilePath): void {
      void watch.begin().then(() => watch.include(path))
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
    /** Resolves when the file that was open under this path before has been closed. */
    wasClosed: (path: FilePath) => closing.get(path),
    noted: authors.note,
    /** These paths (all, when none is given) may change now, by this author; without one, what was noted of them has happened. */
    diskChanged(paths: FilePath[] | undefined, by: FileAuthor | undefined): void {
      if (by) authors.note(by, paths)
      else authors.done(paths, [...files.keys()])
      for (const file of files.values()) if (isAmong(file.path, paths)) file.look()
    },
    commandBegan: authors.commandBegan,
    sandboxChanged(running: boolean): void {
      if (running) {
        void watch.begin()
        for (const file of files.values()) file.look()
      } else for (const file of files.values()) file.sandboxStopped()
    },
    async stop(): Promise<void> {
      stopped = true
      watch.stop()
      clearInterval(again)
      await Promise.all([...files.values()].map((file) => file.settle().catch(() => undefined)))
      await Promise.all([...files.values()].map((file) => file.close().catch(() => undefined)))
      await rest()
    },
  }
}
