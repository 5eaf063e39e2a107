import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { Artifacts } from '../artifacts/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Db } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import { endOf, finished, running } from './cell-rules.ts'
import type { CellEnd } from './cell-rules.ts'
import type { Contexts } from './contexts.ts'
import type { Job } from './jobs.ts'
import { createCellOutput } from './output.ts'
import { showFinished, showLive } from './projection.ts'
import { updateCell } from './store.ts'

type Deps = {
  db: Db
  documents: Documents
  sandboxes: Pick<Sandboxes, 'get'>
  artifacts: Pick<Artifacts, 'keep'>
  contexts: Contexts
  /** A context is no longer fresh. */
  contextUsed(projectId: ProjectId): void
  clock: Clock
  log: Logger
}

export type Listener = {
  /** Interrupts the cell. */
  signal?: AbortSignal | undefined
  /** Standard output and error as they come. */
  onText?: ((text: string) => void) | undefined
}

/** Runs a cell whose turn has come, before everybody's eyes. The promise rejects only when its end could not be stored. */
export async function executeCell(deps: Deps, job: Job, listener: Listener): Promise<Cell> {
  const { db, documents, artifacts, clock, log } = deps
  const { projectId } = job
  const document = await documents.open({ kind: 'python', projectId })
  const output = createCellOutput({ document, artifacts, projectId, cellId: job.cell.id, log })
  let end: CellEnd = { status: 'lost', count: null }
  try {
    if (job.stopped || listener.signal?.aborted) end = { status: 'interrupted', count: null }
    else {
      job.cell = running(job.cell, clock.now())
      document.transact((doc) => showLive(doc, job.cell))
      await updateCell(db, job.cell)
      end = await evaluate(deps, job, output, listener)
    }
  } catch (error) {
    const known = error instanceof AppError && error.code !== 'internal'
    if (!known) log.error({ err: error, projectId }, 'a cell ended without an outcome')
    void output.error('SandboxError', known ? error.message : 'The sandbox stopped before the result was known.', '')
  }
  const cell = finished(job.cell, await output.end(), end, clock.now())
  job.cell = cell
  try {
    await updateCell(db, cell)
    document.transact((doc) => showFinished(doc, cell))
  } finally {
    await document.close()
  }
  return cell
}

async function evaluate(deps: Deps, job: Job, output: ReturnType<typeof createCellOutput>, { signal, onText }: Listener): Promise<CellEnd> {
  const { sandboxes, contexts } = deps
  const { projectId, cell } = job
  const sandbox = await sandboxes.get(projectId)
  const contextId = await contexts.idOf(projectId, cell.context, sandbox)
  const stopped = () => job.stopped || signal?.aborted === true
  if (stopped()) return { status: 'interrupted', count: null }
  if (contexts.used(projectId, cell.context)) deps.contextUsed(projectId)
  const take = (name: 'stdout' | 'stderr') => (text: string) => {
    onText?.(text)
    return output.stream(name, text)
  }
  const outcome = await sandbox.python
    .run(cell.code, {
      ...(contextId && { contextId }),
      ...(signal && { signal }),
      onStdout: take('stdout'),
      onStderr: take('stderr'),
      onResult: ({ isMain, ...forms }) => output.result(isMain, forms),
      onError: ({ name, value, traceback }) => output.error(name, value, traceback),
    })
    .catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') contexts.forget(projectId, cell.context)
      throw error
    })
  return endOf(outcome, stopped())
}
