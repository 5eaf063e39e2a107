import { Worker } from 'node:worker_threads'
import type { LeftOut } from '../base/mirror.ts'
import type { Manifest } from './format.ts'

/** Of the data folder, and of the backup that is being made. */
export type FilesSettings = { from: string; folder: string }
export type FilesRequest = 'pass' | 'list'
/** What survives the way between threads of an error of the system. */
export type FilesAnswer = { result: unknown } | { error: { message: string; code?: string; syscall?: string } }

export type CopiedFiles = {
  /** Brings what is copied level with the data folder: see `createMirror`. */
  pass(signal: AbortSignal): Promise<{ files: number; bytes: number }>
  /** Digests what was copied, and writes the list of it; all of it is on the disk then. */
  list(signal: AbortSignal): Promise<Manifest['files'] & { leftOut: LeftOut[] }>
  end(): Promise<void>
}

/**
 * Copies the files in a thread of its own: each takes many short steps, of which every one would wait for its turn among all that a
 * busy server does, while everybody waits for the last. A signal ends the thread; nothing is written any more when a call rejects.
 */
export function copyFiles(settings: FilesSettings): CopiedFiles {
  const worker = new Worker(new URL('./files-worker.ts', import.meta.url), { workerData: settings, execArgv: [] })
  let waiting: PromiseWithResolvers<unknown> | undefined
  let failure: Error | undefined

  const fail = (error: Error) => {
    failure ??= error
    waiting?.reject(failure)
  }
  worker.on('message', (answer: FilesAnswer) => {
    if ('error' in answer) waiting?.reject(Object.assign(new Error(answer.error.message), answer.error))
    else waiting?.resolve(answer.result)
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the thread that copies files ended')))

  async function ask<T>(request: FilesRequest, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    if (failure) throw failure
    waiting = Promise.withResolvers()
    const giveUp = () => {
      failure ??= signal.reason as Error
      void worker.terminate()
    }
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      worker.postMessage(request)
      return (await waiting.promise) as T
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  return {
    pass: (signal) => ask('pass', signal),
    list: (signal) => ask('list', signal),
    end: async () => void (await worker.terminate()),
  }
}
