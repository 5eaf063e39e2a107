import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { AppError } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'
import type { Operation, WorkerAnswer, WorkerMessage, WorkerRequest, WorkerSettings } from './embedded-protocol.ts'
import { DatabaseError } from './errors.ts'

/** The thread that holds PGlite, and what it was asked and has not answered. */
export type EmbeddedThread = {
  /** @throws DatabaseError, or AppError `unavailable` when the thread has ended */
  ask<T>(operation: Operation): Promise<T>
  /** Questions without an answer. */
  pending(): number
  /** Not after `end`. */
  onFailed(listener: (error: Error) => void): void
  /** From here on its end is no failure. @param last done before it, unless it has ended already */
  end(last: () => Promise<void>): Promise<void>
}

/** @throws the database's own error when it does not start. */
export async function startThread(settings: WorkerSettings, log: Logger): Promise<EmbeddedThread> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: settings, execArgv: [], stdout: false, stderr: false })
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  const failureListeners: ((error: Error) => void)[] = []
  let lastId = 0
  let failure: Error | undefined
  let ending = false

  function fail(error: Error): void {
    // The end of the thread follows the error that ended it.
    if (failure) return
    failure = error
    for (const { reject } of pending.values()) reject(failure)
    pending.clear()
    if (!ending) for (const listener of failureListeners) listener(error)
  }

  function settle(answer: WorkerAnswer): void {
    const waiting = pending.get(answer.id)
    pending.delete(answer.id)
    if ('error' in answer) waiting?.reject(new DatabaseError(answer.error))
    else waiting?.resolve(answer.result as never)
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

  return {
    ask<T>(operation: Operation) {
      if (failure) return Promise.reject(failure)
      lastId += 1
      const request: WorkerRequest = { id: lastId, operation }
      return new Promise<T>((resolve, reject) => {
        pending.set(request.id, { resolve, reject })
        worker.postMessage(request)
      })
    },
    pending: () => pending.size,
    onFailed: (listener) => void failureListeners.push(listener),
    async end(last) {
      ending = true
      if (!failure) await last()
      const exited = once(worker, 'exit')
      if (worker.threadId !== -1) await Promise.all([worker.terminate(), exited])
    },
  }
}
