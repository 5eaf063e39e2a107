import { useSyncExternalStore } from 'react'
import type * as Y from 'yjs'

type Grown = { text: string; listeners: Set<() => void>; observer: (event: Y.YTextEvent) => void }

const grown = new WeakMap<Y.Text, Grown>()

/** Follows a shared text at the cost of what is added to it, not of what it holds. Anything but an append reads it anew. */
export function followText(shared: Y.Text): { get(): string; subscribe(listener: () => void): () => void } {
  return {
    get: () => grown.get(shared)?.text ?? shared.toJSON(),
    subscribe(listener) {
      let entry = grown.get(shared)
      if (!entry) {
        const made: Grown = { text: shared.toJSON(), listeners: new Set(), observer: () => {} }
        made.observer = (event) => {
          const added = appended(event, made.text.length)
          made.text = added === undefined ? shared.toJSON() : made.text + added
          for (const each of made.listeners) each()
        }
        shared.observe(made.observer)
        grown.set(shared, made)
        entry = made
      }
      const { listeners, observer } = entry
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
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
