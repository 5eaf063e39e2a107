import { useSyncExternalStore } from 'react'

/** Small values a person keeps in this browser. Where storage is refused they last as long as the page. */
const kept = new Map<string, string>()
const listeners = new Map<string, Set<() => void>>()

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`atrium:${key}`) ?? kept.get(key) ?? null
  } catch {
    return kept.get(key) ?? null
  }
}

/** Null forgets the value. */
export function writeStored(key: string, value: string | null): void {
  if (value === null) kept.delete(key)
  else kept.set(key, value)
  try {
    if (value === null) localStorage.removeItem(`atrium:${key}`)
    else localStorage.setItem(`atrium:${key}`, value)
  } catch {
    // A full or refused storage: the value lives in `kept`.
  }
  for (const listener of listeners.get(key) ?? []) listener()
}

/** Tells of every change of a value, in this tab and in others of the browser. */
export function subscribeStored(key: string, listener: () => void): () => void {
  const elsewhere = (event: StorageEvent) => (event.key === null || event.key === `atrium:${key}`) && listener()
  window.addEventListener('storage', elsewhere)
  const stop = listen(key, listener)
  return () => {
    window.removeEventListener('storage', elsewhere)
    stop()
  }
}

function listen(key: string, listener: () => void): () => void {
  const set = listeners.get(key) ?? new Set()
  listeners.set(key, set.add(listener))
  return () => void set.delete(listener)
}

export function useStored(key: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(
    (listener) => listen(key, listener),
    () => readStored(key),
  )
  return [value, (next) => writeStored(key, next)]
}

/** Forgets every value but those whose key `keep` accepts. */
export function clearStored(keep: (key: string) => boolean): void {
  const stored = () => {
    try {
      return Object.keys(localStorage).flatMap((key) => (key.startsWith('atrium:') ? [key.slice('atrium:'.length)] : []))
    } catch {
      return []
    }
  }
  for (const key of new Set([...kept.keys(), ...stored()])) if (!keep(key)) writeStored(key, null)
}
