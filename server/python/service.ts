import { AppError } from '#shared/base/errors.ts'
import type { CellId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { pythonLimits } from '#shared/python/doc.ts'
import type { Cell, CellStatus } from '#shared/python/schema.ts'
import type { Artifacts } from '../artifacts/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { createContexts } from './contexts.ts'
import { createCellOutput } from './output.ts'
import { level, showContexts, showFinished, showLive } from './projection.ts'
import { findCell, insertCell, listCells, unfinishedCells, updateCell } from './store.ts'

type Deps = {
  database: Database
  documents: Documents
  sandboxes: Pick<Sandboxes, 'get' | 'state' | 'isolation' | 'onState'>
  artifacts: Pick<Artifacts, 'keep'>
  clock: Clock
  log: Logger
}

export type NewCellOf = Pick<Cell, 'author' | 'code' | 'context' | 'call'> & {
  projectId: ProjectId
  id?: CellId | undefined
  /** Interrupts the cell. */
  signal?: AbortSignal
  /** Standard output and error as they come. */
  onText?: (text: string) => void
}

type Job = { cell: Cell; projectId: ProjectId; stopped: boolean; done: Promise<Cell> }

export type Python = ReturnType<typeof createPython>

/**
 * The Python of a room: cells that run one after the other in a context, seen by everybody while they run. The truth of a
 * cell is in Postgres before it runs; one whose end a crash hid is `lost`.
 */
export function createPython({ database, documents, sandboxes, artifacts, clock, log }: Deps) {
  const { db } = database
  const jobs = new Map<CellId, Job>()
  /** The last job of each context: the next one runs after it. */
  const tails = new Map<string, Promise<unknown>>()
  const contexts = createContexts(sandboxes.isolation === 'cloud')
  /** Whose contexts were taken from stored cells, once. */
  const leveled = new Set<ProjectId>()
  const nameOf = (projectId: ProjectId) => ({ kind: 'python', projectId }) as const
  const jobsOf = (projectId: ProjectId, context?: string) =>
    [...jobs.values()].filter((job) => job.projectId === projectId && (context === undefined || job.cell.context === context))

  documents.onLoad('python', async ({ projectId }, doc) => {
    const stored = await listCells(db, projectId, { limit: pythonLimits.cells })
    if (!leveled.has(projectId)) {
      leveled.add(projectId)
      // What ran in them before this server is shown with the rest.
      for (const name of new Set(stored.map(({ context }) => context)))
        if (contexts.names(projectId).length < pythonLimits.contexts) contexts.add(projectId, name)
    }
    level(
      doc,
      stored.reverse(),
      jobsOf(projectId).map(({ cell }) => cell),
      contexts.shown(projectId),
    )
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

  /** Runs when its turn has come; never rejects. */
  async function execute(job: Job, { signal, onText }: Pick<NewCellOf, 'signal' | 'onText'>): Promise<Cell> {
    const { projectId } = job
    const document = await documents.open(nameOf(projectId))
    const show = (cell: Cell) => {
      job.cell = cell
      document.transact((doc) => showLive(doc, cell))
    }
    const output = createCellOutput({ document, artifacts, projectId, cellId: job.cell.id, log })
    let end: { status: CellStatus; count: number | null } = { status: 'lost', count: null }
    try {
      if (job.stopped || signal?.aborted) end = { status: 'interrupted', count: null }
      else {
        show({ ...job.cell, status: 'running', startedAt: clock.now() })
        await updateCell(db, job.cell)
        end = await evaluate(job, output, { signal, onText })
      }
    } catch (error) {
      const known = error instanceof AppError && error.code !== 'internal'
      if (!known) log.error({ err: error, projectId }, 'a cell ended without an outcome')
      void output.error('SandboxError', known ? error.message : 'The sandbox stopped before the result was known.', '')
    }
    const put = await output.end()
    const cell: Cell = { ...job.cell, ...put, status: end.status, count: end.count, finishedAt: clock.now() }
    job.cell = cell
    try {
      await updateCell(db, cell)
      document.transact((doc) => showFinished(doc, cell))
    } finally {
      await document.close()
    }
    return cell
  }

  async function evaluate(job: Job, output: ReturnType<typeof createCellOutput>, { signal, onText }: Pick<NewCellOf, 'signal' | 'onText'>) {
    const { projectId, cell } = job
    const sandbox = await sandboxes.get(projectId)
    const contextId = await contexts.idOf(projectId, cell.context, sandbox)
    const stopped = () => job.stopped || signal?.aborted === true
    if (stopped()) return { status: 'interrupted' as const, count: null }
    if (contexts.used(projectId, cell.context)) tellContexts(projectId)
    const outcome = await sandbox.python
      .run(cell.code, {
        ...(contextId && { contextId }),
        ...(signal && { signal }),
        onStdout: (text) => {
          onText?.(text)
          return output.stream('stdout', text)
        },
        onStderr: (text) => {
          onText?.(text)
          return output.stream('stderr', text)
        },
        onResult: ({ isMain, ...forms }) => output.result(isMain, forms),
        onError: ({ name, value, traceback }) => output.error(name, value, traceback),
      })
      .catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'not_found') contexts.forget(projectId, cell.context)
        throw error
      })
    const status = outcome.interrupted || (outcome.error && stopped()) ? 'interrupted' : outcome.error ? 'failed' : 'ok'
    return { status, count: outcome.executionCount ?? null } as const
  }

  async function interrupt(projectId: ProjectId, context: string): Promise<void> {
    const now = jobsOf(projectId, context)
    for (const job of now) job.stopped = true
    if (!now.some(({ cell }) => cell.status === 'running')) return
    const sandbox = await sandboxes.get(projectId)
    await sandbox.python.interrupt(await contexts.known(projectId, context, sandbox.id))
  }

  return {
    /**
     * Runs code and resolves with the finished cell. With the id of a cell that there is, that one (awaited when it runs).
     * @throws AppError `conflict` when there are too many contexts
     */
    async run({ projectId, id, author, code, context, call, signal, onText }: NewCellOf): Promise<Cell> {
      const running = id && jobs.get(id)
      if (running?.projectId === projectId) return running.done
      knowContext(projectId, context)
      const now = clock.now()
      const begun: Omit<Cell, 'seq'> = {
        id: id ?? newId<CellId>('cel', now),
        context,
        author,
        ...(call && { call }),
        code,
        status: 'queued',
        count: null,
        outputs: [],
        truncated: false,
        createdAt: now,
        startedAt: null,
        finishedAt: null,
      }
      const { cell, fresh } = await insertCell(database, projectId, begun)
      if (!fresh) return jobs.get(cell.id)?.done ?? cell
      const key = `${projectId}/${context}`
      const job: Job = { cell, projectId, stopped: false, done: Promise.resolve(cell) }
      jobs.set(cell.id, job)
      documents
        .write(nameOf(projectId), (doc) => showLive(doc, job.cell))
        .catch((error: unknown) => log.warn({ err: error, projectId }, 'a cell was not shown'))
      job.done = (tails.get(key) ?? Promise.resolve()).then(() => execute(job, { signal, onText })).finally(() => jobs.delete(cell.id))
      const tail = job.done.catch(() => undefined)
      tails.set(key, tail)
      void tail.then(() => tails.get(key) === tail && tails.delete(key))
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
      for (const job of jobsOf(projectId, context)) job.stopped = true
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
      for (const job of jobsOf(projectId, context)) job.stopped = true
      tellContexts(projectId)
      if (sandbox && id) await sandbox.python.removeContext(id)
    },

    /** What a crash left unfinished is lost. Before anything runs. */
    async start(): Promise<void> {
      for (const { cell } of await unfinishedCells(db)) await updateCell(db, { ...cell, status: 'lost', finishedAt: clock.now() })
    },

    /** Interrupts what runs; resolves when every cell is stored. */
    async stop(): Promise<void> {
      const open = [...jobs.values()]
      for (const { projectId, cell } of open) void interrupt(projectId, cell.context).catch(() => undefined)
      await Promise.allSettled(open.map(({ done }) => done))
    },
  }
}
