import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { decodePosition, fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createAgentCursors } from './agent-cursor.ts'
import { editText } from './merge-into-document.ts'
import type { Look } from './disk.ts'
import { createMergeOfflineEdits } from './merge-offline-edits.ts'
import { createMoves } from './moves.ts'
import { createOpenProject, type OpenProject } from './open-files.ts'
import type { Files } from './port.ts'
import { createFileProjection } from './file-projection.ts'
import { fileBaselines } from './table.ts'
import { diffText } from './text-edits.ts'
import { createVersions } from './versions.ts'
import { noteFiles } from './workspace.ts'

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
  /** Runs before which the files were noted. */
  const noted = new Set<string>()
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
  /** One whose text is what people mean by the file: not that of one that was deleted or replaced on the disk. */
  const standing = (projectId: ProjectId, path: FilePath) => {
    const file = openFile(projectId, path)
    return file && ['level', 'waiting', 'failed'].includes(file.state().status) ? file : undefined
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

  async function editOpen(projectId: ProjectId, path: FilePath, author: FileAuthor, change: Parameters<Files['edit']>[3]) {
    const open = await documents.open(nameOf(projectId, path))
    const result = { before: '', after: '' }
    let range: { start: number; end: number } | undefined
    let kept = false
    try {
      const client = await open.writeAs(author, (doc) => {
        const text = fileText(doc)
        result.before = text.toString()
        result.after = change(result.before) ?? result.before
        const edits = diffText(result.before, result.after)
        editText(text, edits)
        const last = edits.at(-1)
        const grown = edits.slice(0, -1).reduce((sum, { remove, insert }) => sum + insert.length - remove, 0)
        if (last) range = { start: last.at + grown, end: last.at + grown + last.insert.length }
      })
      if (range && author.kind === 'agent') {
        kept = true
        cursors.show(projectId, path, author, open, client, range)
      }
    } finally {
      if (!kept) await open.close()
    }
    await openFile(projectId, path)?.settle()
    return result
  }

  async function editDisk(projectId: ProjectId, path: FilePath, author: FileAuthor, change: Parameters<Files['edit']>[3], make: boolean) {
    const project = projectOf(projectId)
    for (let attempt = 0; attempt < 10; attempt++) {
      const found = await project.disk.look(path, undefined)
      if (found.status !== 'text' && (!make || found.status === 'folder')) throw notText(path, found)
      // What is no text cannot be compared.
      const before = found.status === 'text' ? found.text : found.status === 'missing' ? undefined : ''
      const after = change(before ?? '')
      if (after === undefined || after === before) return { before, after: before ?? '' }
      project.noted(author, [path])
      if (found.status === 'text' || found.status === 'missing') {
        if ((await project.disk.swap(path, found.status === 'text' ? found.hash : null, after)) === 'changed') continue
      } else await (await sandboxes.get(projectId)).files.write(path, after)
      openFile(projectId, path)?.look()
      return { before, after }
    }
    throw new AppError('conflict', `${path} keeps changing, so nothing was written. Try again.`)
  }

  return {
    async read(projectId, path) {
      const file = standing(projectId, path)
      if (file) return { text: file.text(), isOpen: true }
      const found = await projectOf(projectId).disk.look(path, undefined)
      if (found.status !== 'text') throw notText(path, found)
      return { text: found.text, isOpen: false }
    },
    async edit(projectId, path, author, change, { make = false } = {}) {
      const file = standing(projectId, path)
      return file ? editOpen(projectId, path, author, change) : editDisk(projectId, path, author, change, make)
    },
    isOpen: (projectId, path) => openFile(projectId, path) !== undefined,
    async settle(projectId, path) {
      const files = [...(projects.get(projectId)?.files.values() ?? [])].filter((file) => path === undefined || file.path === path)
      await Promise.all(files.map((file) => file.settle().catch(() => undefined)))
    },
    diskChanged(projectId, paths, by) {
      const project = projects.get(projectId)
      if (!project) return
      if (by) project.noted(by, paths)
      else project.done(paths)
      const isConcerned = (path: FilePath) => !paths || paths.some((one) => path === one || path.startsWith(`${one}/`))
      for (const file of project.files.values()) if (isConcerned(file.path)) file.look()
    },
    commandBegan: (projectId, author) => projectOf(projectId).commandBegan(author),
    async runBegan(projectId, { runId }) {
      if (noted.has(runId)) return
      noted.add(runId)
      try {
        const sandbox = await sandboxes.get(projectId)
        const made = await database.db.insert(fileBaselines).values({ runId, projectId, at: clock.now() }).onConflictDoNothing().returning()
        if (made.length > 0) await noteFiles(sandbox, runId)
      } catch (error) {
        log.warn({ err: error, projectId, runId }, 'how the files were before a run was not noted')
      }
    },
    move: moves.move,
    async writeBack(projectId, path) {
      const file = openFile(projectId, path)
      if (!file) throw new AppError('not_found', `${path} is not open.`)
      return file.writeBack()
    },
    async resolveConflict(projectId, id, keep, by) {
      const conflict = await view.findConflict(projectId, id)
      if (!conflict || !(await view.removeConflict(projectId, id))) throw new AppError('conflict', 'This conflict was already resolved.')
      if (keep === (conflict.undone ? 'disk' : 'both')) return
      const open = await documents.open(nameOf(projectId, conflict.path))
      try {
        await open.writeAs(by, (doc) => {
          const text = fileText(doc)
          const { range } = keep === 'disk' ? conflict.mine : conflict.disk
          const start = range && decodePosition(text, range.start)
          const end = range && decodePosition(text, range.end)
          if (start === undefined || end === undefined) return
          if (keep !== 'both' && end > start) text.delete(start, end - start)
          if (conflict.undone) text.insert(start, conflict.whole ?? conflict.mine.text)
        })
      } finally {
        await open.close()
      }
      await openFile(projectId, conflict.path)?.settle()
    },
    handIn: createMergeOfflineEdits({ documents, view, clock, openFile, movedTo: moves.movedTo }),
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

function notText(path: FilePath, { status }: Look): AppError {
  if (status === 'missing') return new AppError('not_found', `${path} does not exist.`)
  if (status === 'folder') return new AppError('invalid_input', `${path} is a folder. Use list_files to see what is in it.`)
  if (status === 'large') return new AppError('too_large', `${path} has more than 1 MB. Use search_files, or a command such as sed -n '1,200p'.`)
  return new AppError('invalid_input', `${path} is not a text file in UTF-8.`)
}
