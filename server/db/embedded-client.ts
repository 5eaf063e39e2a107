import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'
import { DatabaseError } from './errors.ts'
import type { Operation, QueryResult, WorkerAnswer, WorkerMessage, WorkerRequest, WorkerSettings } from './embedded-protocol.ts'

type QueryOptions = { rowMode?: 'array' | 'object'; parsers?: Record<number, unknown> }

export type EmbeddedHandle = {
  query: (sql: string, params?: unknown[], options?: QueryOptions) => Promise<QueryResult>
  exec: (sql: string) => Promise<QueryResult[]>
}

/** The part of PGlite that Drizzle uses, spoken to a worker thread. */
export type EmbeddedClient = EmbeddedHandle & {
  /** There is one connection; `waiting` is what is behind it. */
  load(): { inUse: number; waiting: number }
  /** Others wait until `work` ends. Rolled back when it throws, or when it takes longer than `transactionMs`. */
  transaction<T>(work: (tx: EmbeddedHandle) => Promise<T>): Promise<T>
  dump(path: string): Promise<void>
  /** Copies the folder, which others go on writing in: `copyNow` on the same copy mends what is torn. */
  copyAhead(into: string): Promise<void>
  /** Brings the copy level with the folder at one moment between transactions. Others wait. */
  copyNow(into: string): Promise<void>
  onFailed: (listener: (error: Error) => void) => void
  close(): Promise<void>
}

/** There is one connection: a transaction that waits for something that waits for the connection would wait for ever. */
const patienceMs = 30_000

/** @throws the database's own error when it does not start. */
export async function startEmbedded(settings: WorkerSettings, log: Logger, transactionMs = patienceMs): Promise<EmbeddedClient> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: settings, execArgv: [], stdout: false, stderr: false })
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  const failureListeners: ((error: Error) => void)[] = []
  let lastId = 0
  let failure: Error | undefined
  let closing: Promise<void> | undefined

  function fail(error: Error): void {
    // The end of the thread follows the error that ended it.
    if (failure) return
    failure = error
    for (const { reject } of pending.values()) reject(failure)
    pending.clear()
    if (!closing) for (const listener of failureListeners) listener(error)
  }

  function settle(answer: WorkerAnswer): void {
    const waiting = pending.get(answer.id)
    pending.delete(answer.id)
    if ('error' in answer) waiting?.reject(new DatabaseError(answer.error))
    else waiting?.resolve(answer.result as never)
  }

  function ask<T>(operation: Operation): Promise<T> {
    if (failure) return Promise.reject(failure)
    lastId += 1
    const request: WorkerRequest = { id: lastId, operation }
    return new Promise<T>((resolve, reject) => {
      pending.set(request.id, { resolve, reject })
      worker.postMessage(request)
    })
  }

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'answer') settle(message.answer)
      else if (message.kind === 'ready') resolve()
      else if (message.kind === 'log') log.warn({ detail: message.detail }, message.message)
      else reject(new Error(message.message))
    })
    worker.on('error', (error: Error) => {
      reject(error)
      fail(new AppError('unavailable', 'The database stopped working.', { cause: error }))
    })
    worker.on('exit', () => {
      reject(new Error('the database thread ended'))
      fail(new AppError('unavailable', 'The database is closed.'))
    })
  }).catch(async (error: unknown) => {
    await worker.terminate()
    throw error
  })

  const handle = (inTransaction: boolean, send: typeof ask): EmbeddedHandle => ({
    query: (sql, params = [], options = {}) =>
      send<QueryResult>({
        kind: 'query',
        sql,
        params,
        rowMode: options.rowMode ?? 'object',
        plainTypes: options.parsers !== undefined,
        inTransaction,
      }),
    exec: (sql) => send<QueryResult[]>({ kind: 'exec', sql, inTransaction }),
  })

  /** While a transaction is open, everything else waits here in the order it came. */
  const turns: (() => void)[] = []
  let open = false
  const inTurn = <T>(start: () => Promise<T>): Promise<T> => {
    if (!open && turns.length === 0) return start()
    return new Promise<T>((resolve, reject) => turns.push(() => void start().then(resolve, reject)))
  }

  /** Lets go everything up to the next transaction, which sets `open` as soon as it starts. */
  function nextTurns(): void {
    while (turns.length > 0) {
      turns.shift()?.()
      if (open) return
    }
  }

  async function transact<T>(work: (tx: EmbeddedHandle) => Promise<T>): Promise<T> {
    open = true
    let over: Error | undefined
    const tx = handle(true, (operation) => (over ? Promise.reject(over) : ask(operation)))
    const overdue = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      over = new AppError('unavailable', 'A transaction took too long and was undone.')
      overdue.reject(over)
    }, transactionMs)
    try {
      await tx.exec('BEGIN')
      const result = await Promise.race([work(tx), overdue.promise])
      await tx.exec('COMMIT')
      return result
    } catch (error) {
      over ??= new AppError('unavailable', 'The transaction has ended.')
      await ask({ kind: 'exec', sql: 'ROLLBACK', inTransaction: true }).catch((cause: unknown) => log.error({ err: cause }, 'rollback failed'))
      throw error
    } finally {
      over ??= new AppError('unavailable', 'The transaction has ended.')
      clearTimeout(timer)
      open = false
      nextTurns()
    }
  }

  async function end(): Promise<void> {
    if (!failure) await inTurn(() => ask<void>({ kind: 'close' }))
    const exited = once(worker, 'exit')
    if (worker.threadId !== -1) await Promise.all([worker.terminate(), exited])
  }

  return {
    ...handle(false, (operation) => inTurn(() => ask(operation))),
    load: () => ({ inUse: open || pending.size > 0 ? 1 : 0, waiting: turns.length + Math.max(0, pending.size - 1) }),
    transaction: (work) => inTurn(() => transact(work)),
    copyAhead: (into) => ask<void>({ kind: 'copy', into, when: 'ahead' }),
    copyNow: (into) => inTurn(() => ask<void>({ kind: 'copy', into, when: 'in turn' })),
    dump: (path) => inTurn(() => ask<void>({ kind: 'dump', path })),
    onFailed: (listener) => failureListeners.push(listener),
    close: () => (closing ??= end()),
  }
}
