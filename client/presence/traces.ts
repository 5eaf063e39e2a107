import { useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { presenceOf, type Present } from '../sync/use-presence.ts'

/** Where somebody was when they left the room. */
export type Trace = { user: Present['user']; place: NonNullable<Present['place']>; leftAt: number }

/** For how long the room shows where somebody was. */
export const traceMs = 5 * 60_000

type Source = { get(): readonly Trace[]; subscribe(listener: () => void): () => void }

const none: readonly Trace[] = []
const nothing: Source = { get: () => none, subscribe: () => () => {} }
const sources = new WeakMap<Awareness, Source>()

/** Compares who was here with who is, and keeps where those were who left. Nothing of it is stored or sent. */
export function followTraces(present: Pick<Source, 'subscribe'> & { get(): readonly Present[] }, now: () => number = Date.now): Source {
  let before: readonly Present[] = present.get()
  let value = none
  const listeners = new Set<() => void>()
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const set = (next: readonly Trace[]) => {
    clearTimeout(timer)
    const oldest = next[0]
    timer = oldest && setTimeout(() => set(value.filter(({ leftAt }) => now() - leftAt < traceMs)), Math.max(0, oldest.leftAt + traceMs - now()))
    if (next.length === 0 && value.length === 0) return
    value = next
    for (const listener of listeners) listener()
  }
  const renew = () => {
    const here = present.get()
    const left = before.filter((one) => !one.self && one.place && !here.some(({ user }) => user.id === one.user.id))
    const returned = value.filter(({ user }) => here.some((one) => one.user.id === user.id))
    before = here
    if (left.length === 0 && returned.length === 0) return
    const added = left.map(({ user, place }) => ({ user, place: place ?? {}, leftAt: now() }))
    set([...value.filter((trace) => !returned.includes(trace) && !added.some(({ user }) => user.id === trace.user.id)), ...added])
  }
  return {
    get: () => value,
    subscribe(listener) {
      if (listeners.size === 0) {
        before = present.get()
        stop = present.subscribe(renew)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        clearTimeout(timer)
        value = none
      }
    },
  }
}

export function useTraces(awareness: Awareness | null, selfId: string): readonly Trace[] {
  const source = awareness ? (sources.get(awareness) ?? followTraces(presenceOf(awareness, selfId))) : nothing
  if (awareness) sources.set(awareness, source)
  return useSyncExternalStore(source.subscribe, source.get)
}
