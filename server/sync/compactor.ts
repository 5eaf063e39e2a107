import { Worker } from 'node:worker_threads'
import type { CompactJob, CompactResult } from './compact-worker.ts'

/** One thread for work on whole states, started when there is some. */
export type Compactor = {
  run(job: DistributiveOmit<CompactJob, 'id'>): Promise<Uint8Array>
  stop(): Promise<void>
}
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

export function createCompactor(): Compactor {
  let worker: Worker | undefined
  let nextId = 1
  let stopped = false
  const waiting = new Map<number, { resolve: (data: Uint8Array) => void; reject: (error: Error) => void }>()

  const fail = (error: Error) => {
    worker = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const start = () => {
    const started = new Worker(new URL('./compact-worker.ts', import.meta.url))
    started.unref()
    started.on('message', (result: CompactResult) => {
      const job = waiting.get(result.id)
      waiting.delete(result.id)
      if ('error' in result) job?.reject(new Error(result.error))
      else job?.resolve(result.data)
    })
    started.on('error', fail)
    started.on('exit', () => fail(new Error('the thread for snapshots ended')))
    return started
  }

  return {
    run(job) {
      if (stopped) return Promise.reject(new Error('stopping'))
      worker ??= start()
      const id = nextId++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker?.postMessage({ ...job, id })
      })
    },
    async stop() {
      stopped = true
      await worker?.terminate()
    },
  }
}
