import { AsyncLocalStorage } from 'node:async_hooks'

/** Queries and transactions that a piece of work waits for, and how often it was looked at while each did not end. */
type Waits = Set<{ looks: number }>

const storage = new AsyncLocalStorage<Waits>()

/** Runs `work`; `look` counts one look, and tells how many there were while the same query did not end. */
export function withWaits<T>(work: () => T): { result: T; look: () => number; isWaiting: () => boolean } {
  const waits: Waits = new Set()
  const look = () => Math.max(0, ...[...waits].map((one) => ++one.looks))
  return { result: storage.run(waits, work), look, isWaiting: () => waits.size > 0 }
}

/** A query or a transaction was asked for by whatever runs here. */
export function noteWait<T extends PromiseLike<unknown>>(asked: T): T {
  const waits = storage.getStore()
  if (!waits) return asked
  const one = { looks: 0 }
  waits.add(one)
  const ended = () => void waits.delete(one)
  asked.then(ended, ended)
  return asked
}
