import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of the benchmark that answers requests one at a time over its channel. */
export type Child = {
  ask<T>(request: unknown): Promise<T>
  end(): Promise<void>
}

/** @param file of this folder, such as `readers-process.ts` */
export function startChild(file: string, env: Record<string, string> = {}): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { serialization: 'advanced', env: { ...process.env, ...env } })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let next = 0
  let ended = false
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended (${signal ?? code}) before it answered`))
      resolve()
    })
  })
  child.on('message', (answer: { id: number; value?: unknown; error?: string }) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (answer.error === undefined) asked?.resolve(answer.value)
    else asked?.reject(new Error(`${file}: ${answer.error}`))
  })
  return {
    ask<T>(request: unknown) {
      const id = (next += 1)
      return new Promise<T>((resolve, reject) => {
        waiting.set(id, { resolve: (value) => resolve(value as T), reject })
        child.send({ id, request })
      })
    },
    async end() {
      if (!ended) child.kill('SIGKILL')
      await exited
    },
  }
}

/** The other end: `handle` answers each request. The process ends when its parent is gone. */
export function serveParent(handle: (request: never) => Promise<unknown>) {
  process.on('message', ({ id, request }: { id: number; request: never }) => {
    handle(request).then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
