import { AppError } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'
import { createConnectionTurns } from './connection-turns.ts'
import type { Operation, QueryResult, WorkerSettings } from './embedded-protocol.ts'
import { startThread } from './embedded-thread.ts'

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

type Send = <T>(operation: Operation) => Promise<T>

const handle = (send: Send, inTransaction: boolean): EmbeddedHandle => ({
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

/** @throws the database's own error when it does not start. */
export async function startEmbedded(settings: WorkerSettings, log: Logger, transactionMs = patienceMs): Promise<EmbeddedClient> {
  const thread = await startThread(settings, log)
  const { ask } = thread
  const turns = createConnectionTurns()
  const { inTurn } = turns
  let closing: Promise<void> | undefined

  async function transact<T>(work: (tx: EmbeddedHandle) => Promise<T>): Promise<T> {
    let over: Error | undefined
    const tx = handle((operation) => (over ? Promise.reject(over) : ask(operation)), true)
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
    }
  }

  return {
    ...handle((operation) => inTurn(() => ask(operation)), false),
    load: () => ({ inUse: turns.isTaken() || thread.pending() > 0 ? 1 : 0, waiting: turns.waiting() + Math.max(0, thread.pending() - 1) }),
    transaction: (work) => turns.alone(() => transact(work)),
    copyAhead: (into) => ask<void>({ kind: 'copy', into, when: 'ahead' }),
    copyNow: (into) => inTurn(() => ask<void>({ kind: 'copy', into, when: 'in turn' })),
    dump: (path) => inTurn(() => ask<void>({ kind: 'dump', path })),
    onFailed: thread.onFailed,
    close: () => (closing ??= thread.end(() => inTurn(() => ask<void>({ kind: 'close' })))),
  }
}
