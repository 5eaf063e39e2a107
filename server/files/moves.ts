import { AppError, asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandbox, Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createDocumentMoves } from './document-moves.ts'
import type { FileProjection } from './file-projection.ts'
import { isStanding } from './file-status.ts'
import type { LiveFile } from './live-file.ts'
import { createMoveRecords } from './move-records.ts'
import type { OpenProject } from './open-files.ts'

type Deps = {
  database: Database
  view: FileProjection
  documents: Documents
  sandboxes: Sandboxes
  clock: Clock
  log: Logger
  projectOf(projectId: ProjectId): OpenProject
  openFile(projectId: ProjectId, path: FilePath): LiveFile | undefined
}

/** Files that are moved, by people or by programs, with their documents. */
export function createMoves({ database, documents, sandboxes, view, clock, log, projectOf, openFile }: Deps) {
  const records = createMoveRecords(database, clock)
  const { carry, join, bringAlong, follow } = createDocumentMoves({ records, documents, view, clock, log, openFile })

  return {
    movedTo: records.movedTo,
    bringAlong,
    follow,
    /**
     * A program moved an open file. Its document goes along; where another one is open already, that one stays, with everybody's
     * cursors in it, and takes in what was written here.
     * @returns whether what was here is at the new name now
     */
    async followed(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<boolean> {
      try {
        const there = openFile(projectId, to)
        if (there && isStanding(there.state())) await join(projectId, from, to, by)
        else await carry(projectId, from, to, by)
        return true
      } catch (error) {
        log.warn({ err: error, projectId }, 'the document of a moved file could not follow it')
        return false
      }
    },
    /** Everybody who has it open is told that it is `moved`. */
    async move(projectId: ProjectId, from: FilePath, to: FilePath, by: FileAuthor): Promise<void> {
      if (from === to) return
      if (to.startsWith(`${from}/`)) throw new AppError('invalid_input', 'A folder cannot be moved into itself.')
      const sandbox = await sandboxes.get(projectId)
      await sandbox.files.stat(from)
      if (await isThere(sandbox, to)) throw new AppError('conflict', `${to} already exists.`)
      const paths = await records.filesBelow(projectId, from)
      const project = projectOf(projectId)
      const open = paths.map((path) => project.files.get(path)).filter((file) => file !== undefined)
      await Promise.all(open.map((file) => file.settle()))
      await Promise.all(open.map((file) => file.hold()))
      try {
        project.noted(by, [from, to])
        await sandbox.files.rename(from, to)
        for (const path of paths) await carry(projectId, path, `${to}${path.slice(from.length)}` as FilePath, by)
      } finally {
        for (const file of open) file.release()
      }
    },
  }
}

const isThere = (sandbox: Sandbox, path: FilePath): Promise<boolean> =>
  sandbox.files.stat(path).then(
    () => true,
    (error: unknown) => {
      if (asAppError(error).code === 'not_found') return false
      throw error
    },
  )
