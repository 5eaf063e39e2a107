import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createAgentCursors } from './agent-cursor.ts'
import { editDocument } from './edit-document.ts'
import { isStanding } from './file-status.ts'
import { createMergeOfflineEdits } from './merge-offline-edits.ts'
import { createMoves } from './moves.ts'
import { createOpenProject, type OpenProject } from './open-files.ts'
import type { Files, TextChange } from './port.ts'
import { resolveConflict } from './resolve-conflict.ts'
import { createFileProjection } from './file-projection.ts'
import { createRunBaselines } from './run-baselines.ts'
import { editOnDisk, readOnDisk } from './text-on-disk.ts'
import { createVersions } from './versions.ts'

type Deps = { database: Database; documents: Documents; sandboxes: Sandboxes; clock: Clock; log: Logger }

/** The files of all rooms: those that are open are documents, kept level with the disk; the others are the disk's alone. */
export function createFiles(deps: Deps): Files {
  const { database, documents, sandboxes, clock } = deps
  const log = deps.log.child({ part: 'files' })
  const projects = new Map<ProjectId, OpenProject>()
  const view = createFileProjection({
    database,
    documents,
    states: (projectId) => [...(projects.get(projectId)?.files.values() ?? [])].map((file) => file.state()),
  })
  const cursors = createAgentCursors({ view, clock })
  const baselines = createRunBaselines({ database, sandboxes, clock, log })
  let stopped = false

  function projectOf(projectId: ProjectId): OpenProject {
    let project = projects.get(projectId)
    if (!project) {
      const carry = (from: FilePath, to: FilePath, by: FileAuthor) => moves.followed(projectId, from, to, by)
      projects.set(projectId, (project = createOpenProject(projectId, { database, documents, sandboxes, view, clock, log, carry })))
    }
    return project
  }
  const openFile = (projectId: ProjectId, path: FilePath) => {
    const file = projects.get(projectId)?.files.get(path)
    return file?.isOpen() ? file : undefined
  }
  /** One whose text is what people mean by the file. */
  const standing = (projectId: ProjectId, path: FilePath) => {
    const file = openFile(projectId, path)
    return file && isStanding(file.state()) ? file : undefined
  }
  const nameOf = (projectId: ProjectId, path: FilePath) => ({ kind: 'file', projectId, path }) as const

  const moves = createMoves({ database, documents, sandboxes, view, clock, log, projectOf, openFile })

  documents.onLoad('file', async ({ projectId, path }, doc, write) => {
    if (stopped) return
    const project = projectOf(projectId)
    await project.wasClosed(path)
    const file = project.make(path)
    doc.once('destroy', () => void project.closed(file))
    await moves.bringAlong(projectId, path, doc)
    await file.load(doc, write)
    await moves.follow(projectId, path, doc, file)
    project.opened(path)
  })
  sandboxes.onState((projectId, { status }) => projects.get(projectId)?.sandboxChanged(status === 'running'))

  async function editOpen(projectId: ProjectId, path: FilePath, author: FileAuthor, change: TextChange) {
    const result = await editDocument({ documents, cursors }, projectId, path, author, change)
    await openFile(projectId, path)?.settle()
    return result
  }

  function editClosed(projectId: ProjectId, path: FilePath, author: FileAuthor, change: TextChange, make: boolean) {
    const project = projectOf(projectId)
    const changes = {
      disk: project.disk,
      sandbox: () => sandboxes.get(projectId),
      willWrite: () => project.noted(author, [path]),
      wrote: () => openFile(projectId, path)?.look(),
    }
    return editOnDisk(changes, path, change, make)
  }

  return {
    async read(projectId, path) {
      const file = standing(projectId, path)
      if (file) return { text: file.text(), isOpen: true }
      return { text: await readOnDisk(projectOf(projectId).disk, path), isOpen: false }
    },
    async edit(projectId, path, author, change, { make = false } = {}) {
      const file = standing(projectId, path)
      return file ? editOpen(projectId, path, author, change) : editClosed(projectId, path, author, change, make)
    },
    isOpen: (projectId, path) => openFile(projectId, path) !== undefined,
    async settle(projectId, path) {
      const files = [...(projects.get(projectId)?.files.values() ?? [])].filter((file) => path === undefined || file.path === path)
      await Promise.all(files.map((file) => file.settle().catch(() => undefined)))
    },
    diskChanged: (projectId, paths, by) => projects.get(projectId)?.diskChanged(paths, by),
    commandBegan: (projectId, author) => projectOf(projectId).commandBegan(author),
    runBegan: (projectId, { runId }) => baselines.note(projectId, runId),
    move: moves.move,
    async writeBack(projectId, path) {
      const file = openFile(projectId, path)
      if (!file) throw new AppError('not_found', `${path} is not open.`)
      return file.writeBack()
    },
    async resolveConflict(projectId, id, keep, by) {
      const path = await resolveConflict({ documents, view }, projectId, id, keep, by)
      if (path !== undefined) await openFile(projectId, path)?.settle()
    },
    mergeOfflineEdits: createMergeOfflineEdits({ documents, view, clock, openFile, movedTo: moves.movedTo }),
    async authors(projectId, path) {
      const [authors, times] = await Promise.all([documents.authors(nameOf(projectId, path)), documents.times(nameOf(projectId, path))])
      return { authors, times }
    },
    versions: createVersions(),
    async stop() {
      stopped = true
      cursors.stop()
      await Promise.all([...projects.values()].map((project) => project.stop()))
    },
  }
}
