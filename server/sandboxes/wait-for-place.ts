import { AppError } from '#shared/base/errors.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Waiting } from './place-rules.ts'

/** What people read while a sandbox waits. */
export function sayWaiting(waiting: Waiting): string {
  if (waiting.reason === 'person') return `Waiting: the owner of this project runs as many sandboxes as one person may (${waiting.running}).`
  return waiting.ahead === 0 ? 'Waiting for a place: it is the next.' : `Waiting for a place: ${waiting.ahead} before you.`
}

/** What a call is told that does not wait any longer. The sandbox stays in the queue. */
const stillWaiting = (detail: string) =>
  new AppError('unavailable', `${detail} The sandbox starts by itself when there is a place. Try again then.`, { retryAfterS: 30 })

type Waits = { state: SandboxState; waiting: { promise: Promise<void> } }

/** The start, unless it waits for a place, and does so still after `forMs`. @throws AppError `unavailable` then: the start goes on */
export async function unlessItWaits<T>(start: Promise<T>, room: Waits, forMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const check = () => room.state.status === 'waiting' && reject(stillWaiting(room.state.detail ?? ''))
    void room.waiting.promise.then(() => (timer = setTimeout(check, forMs)))
  })
  return Promise.race([start, late]).finally(() => clearTimeout(timer))
}
