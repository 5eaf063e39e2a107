import { useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import { createPaced } from './paced.ts'

type Grown = { text: string; listeners: Set<() => void>; observer: (event: Y.YTextEvent) => void; tell: ReturnType<typeof createPaced> }

const grown = new WeakMap<Y.Text, Grown>()

/**
 * Follows a shared text at the cost of what is added to it, not of what it holds. Anything but an append reads it anew.
 * `get` is always the newest; listeners are told before a frame is drawn, however often the text grew since the last one.
 */
export function followText(shared: Y.Text): { get(): string; subscribe(listener: () => void): () => void } {
  return {
    get: () => grown.get(shared)?.text ?? shared.toJSON(),
    subscribe(listener) {
      let entry = grown.get(shared)
      if (!entry) {
        const listeners = new Set<() => void>()
        const tell = createPaced(() => {
          for (const each of listeners) each()
        })
        const made: Grown = { text: shared.toJSON(), listeners, observer: () => {}, tell }
        made.observer = (event) => {
          const added = appended(event, made.text.length)
          made.text = added === undefined ? shared.toJSON() : made.text + added
          tell.soon()
        }
        shared.observe(made.observer)
        grown.set(shared, made)
        entry = made
      }
      const { listeners, observer, tell } = entry
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        tell.stop()
        shared.unobserve(observer)
        grown.delete(shared)
      }
    },
  }
}

/** What an event added at the end of a text of `length`, or undefined when it did anything else. */
function appended(event: Y.YTextEvent, length: number): string | undefined {
  const [first, second, ...rest] = event.delta
  if (rest.length > 0) return undefined
  if (length === 0) return second === undefined && typeof first?.insert === 'string' ? first.insert : undefined
  return first?.retain === length && typeof second?.insert === 'string' ? second.insert : undefined
}

/** The text of a shared text that grows. */
export function useGrowingText(shared: Y.Text): string {
  const source = sourceOf(shared)
  return useSyncExternalStore(source.subscribe, source.get)
}

const sources = new WeakMap<Y.Text, ReturnType<typeof followText>>()

function sourceOf(shared: Y.Text) {
  const known = sources.get(shared)
  if (known) return known
  const made = followText(shared)
  sources.set(shared, made)
  return made
}
