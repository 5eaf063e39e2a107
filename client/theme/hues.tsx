import { createContext, useContext, useMemo, type ReactNode } from 'react'

const hues = ['rose', 'teal', 'violet', 'clay', 'moss', 'plum'] as const
export type Hue = (typeof hues)[number]

function preferred(id: string): number {
  let hash = 0
  for (let i = 0; i < id.length; i += 1) hash = (hash * 31 + id.charCodeAt(i)) >>> 0
  return hash % hues.length
}

/** One hue a person: the one their id prefers, or the next free one, given in order of id so that all browsers agree. */
export function assignHues(ids: readonly string[]): ReadonlyMap<string, Hue> {
  const given = new Map<string, Hue>()
  let taken = new Set<number>()
  for (const id of [...new Set(ids)].sort()) {
    if (taken.size === hues.length) taken = new Set()
    let at = preferred(id)
    while (taken.has(at)) at = (at + 1) % hues.length
    taken.add(at)
    given.set(id, hues[at] as Hue)
  }
  return given
}

const Hues = createContext<ReadonlyMap<string, Hue>>(new Map())

/** Gives the people of a room hues that differ from each other. */
export function HueProvider({ ids, children }: { ids: readonly string[]; children: ReactNode }) {
  const key = [...ids].sort().join()
  const map = useMemo(() => assignHues(key === '' ? [] : key.split(',')), [key])
  return <Hues value={map}>{children}</Hues>
}

/** A CSS colour. */
export function useHue(id: string): string {
  const hue = useContext(Hues).get(id) ?? (hues[preferred(id)] as Hue)
  return `var(--p-${hue})`
}

/** As `useHue`, for anybody. */
export function useHues(): (id: string) => string {
  const given = useContext(Hues)
  return useMemo(() => (id) => `var(--p-${given.get(id) ?? (hues[preferred(id)] as Hue)})`, [given])
}
