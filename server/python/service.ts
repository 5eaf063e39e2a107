import { AppError } from '#shared/base/errors.ts'
import type { CellId, ProjectId } from '#shared/base/ids.ts'
import { pythonLimits } from '#shared/python/doc.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { Artifacts } from '../artifacts/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { lost, queuedCell } from './cell-rules.ts'
import type { NewCell } from './cell-rules.ts'
import { createContexts } from './contexts.ts'
import { executeCell } from './execute.ts'
import { createJobs } from './jobs.ts'
import { level, showContexts, showLive } from './projection.ts'
import { findCell, insertCell, listCells, unfinishedCells, updateCell } from './store.ts'

type Deps = {
  database: Database
  documents: Documents
  sandboxes: Pick<Sandboxes, 'get' | 'state' | 'isolation' | 'onState'>
  artifacts: Pick<Artifacts, 'keep'>
  clock: Clock
  log: Logger
}

export type NewCellOf = NewCell & {
  projectId: ProjectId
  /** Interrupts the cell. */
  signal?: AbortSignal
  /** Standard output and error as they come. */
  onText?: (text: string) => void
}

export type Python = ReturnType<typeof createPython>

/**
 * The Python of a room: cells that run one after the other in a context, seen by everybody while they run. The truth of a
 * cell is in Postgres before it runs; one whose end a crash hid is `lost`.
 */
export function createPython({ database, documents, sandboxes, artifacts, clock, log }: Deps) {
  const { db } = database
  const jobs = createJobs()
  const contexts = createContexts(sandboxes.isolation === 'cloud')
  /** Whose contexts were taken from stored cells, once. */
  const leveled = new Set<ProjectId>()
  const nameOf = (projectId: ProjectId) => ({ kind: 'python', projectId }) as const

  documents.onLoad('python', async ({ projectId }, doc) => {
    const stored = await listCells(db, projectId, { limit: pythonLimits.cells })
    if (!leveled.has(projectId)) {
      leveled.add(projectId)
      // What ran in them before this server is shown with the rest.
      for (const name of new Set(stored.map(({ context }) => context)))
        if (contexts.names(projectId).length < pythonLimits.contexts) contexts.add(projectId, name)
    }
    const now = jobs.of(projectId).map(({ cell }) => cell)
    level(doc, stored.reverse(), now, contexts.shown(projectId))
  })
  sandboxes.onState((projectId, { status }) => {
    if (status !== 'stopped' && status !== 'failed') return
    contexts.emptied(projectId)
    tellContexts(projectId)
  })

  function knowContext(projectId: ProjectId, context: string): void {
    if (contexts.add(projectId, context)) tellContexts(projectId)
  }
  function tellContexts(projectId: ProjectId): void {
    if (!documents.isLoaded(nameOf(projectId))) return
    documents
      .write(nameOf(projectId), (doc) => showContexts(doc, contexts.shown(projectId)))
      .catch((error: unknown) => log.warn({ err: error, projectId }, 'contexts were not shown'))
  }

  async function interrupt(projectId: ProjectId, context: string): Promise<void> {
    const stopped = jobs.stop(projectId, context)
    if (!stopped.some(({ cell }) => cell.status === 'running')) return
    const sandbox = await sandboxes.get(projectId)
    await sandbox.python.interrupt(await contexts.known(projectId, context, sandbox.id))
  }

  const executing = { db, documents, sandboxes, artifacts, contexts, contextUsed: tellContexts, clock, log }

  return {
    /**
     * Runs code and resolves with the finished cell. With the id of a cell that there is, that one (awaited when it runs).
     * @throws AppError `conflict` when there are too many contexts
     */
    async run({ projectId, signal, onText, ...wanted }: NewCellOf): Promise<Cell> {
      const known = wanted.id && jobs.get(wanted.id)
      if (known?.projectId === projectId) return known.done
      knowContext(projectId, wanted.context)
      const { cell, fresh } = await insertCell(database, projectId, queuedCell(wanted, clock.now()))
      if (!fresh) return jobs.get(cell.id)?.done ?? cell
      const job = jobs.add(projectId, cell, (mine) => executeCell(executing, mine, { signal, onText }))
      documents
        .write(nameOf(projectId), (doc) => showLive(doc, job.cell))
        .catch((error: unknown) => log.warn({ err: error, projectId }, 'a cell was not shown'))
      return job.done
    },

    list: (projectId: ProjectId, page: { before?: number | undefined; limit: number }) => listCells(db, projectId, page),

    /** @throws AppError `not_found` */
    async read(projectId: ProjectId, id: CellId): Promise<Cell> {
      const cell = await findCell(db, projectId, id)
      if (!cell) throw new AppError('not_found', 'This cell does not exist.')
      return cell
    },

    /** What runs in the context is interrupted, what waits behind it does not run. */
    interrupt,

    async restart(projectId: ProjectId, context: string): Promise<void> {
      knowContext(projectId, context)
      jobs.stop(projectId, context)
      const sandbox = await sandboxes.get(projectId)
      await sandbox.python.restart(await contexts.idOf(projectId, context, sandbox))
      contexts.emptied(projectId, context)
      tellContexts(projectId)
    },

    /** @throws AppError `not_found`; `conflict` for `main`, which is always there */
    async removeContext(projectId: ProjectId, context: string): Promise<void> {
      if (context === 'main') throw new AppError('conflict', 'The main context cannot be removed. Restart it instead.')
      const { status } = await sandboxes.state(projectId)
      const sandbox = status === 'running' ? await sandboxes.get(projectId) : undefined
      const id = sandbox && (await contexts.known(projectId, context, sandbox.id))
      if (!contexts.remove(projectId, context)) throw new AppError('not_found', `There is no Python context ${context}.`)
      jobs.stop(projectId, context)
      tellContexts(projectId)
      if (sandbox && id) await sandbox.python.removeContext(id)
    },

    /** What a crash left unfinished is lost. Before anything runs. */
    async start(): Promise<void> {
      for (const { cell } of await unfinishedCells(db)) await updateCell(db, lost(cell, clock.now()))
    },

    /** Interrupts what runs; resolves when every cell is stored. */
    async stop(): Promise<void> {
      const open = jobs.all()
      for (const { projectId, cell } of open) void interrupt(projectId, cell.context).catch(() => undefined)
      await Promise.allSettled(open.map(({ done }) => done))
    },
  }
}
