import { createContext, useContext, useRef, useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { memoParse } from '#shared/base/memo-parse.ts'
import { PresenceState, type Place } from '#shared/presence/schema.ts'
import { sameValue } from './same-value.ts'

/**
 * Somebody in the room, once, however many tabs they have: the tab that is active, or the last one seen. What moves many
 * times a second (pointers, selections, what is read) is left out: whoever draws it reads the awareness itself.
 */
export type Present = Omit<PresenceState, 'pointer'> & { self: boolean }

const nobody: readonly Present[] = []
const parse = memoParse(PresenceState)

/** Reads who is here; malformed states are left out. Carets in the plan only when they are asked for. */
export function readPresence(awareness: Awareness, selfId: string, withCarets = true): Present[] {
  const people = new Map<string, Present>()
  for (const state of awareness.getStates().values()) {
    const parsed = parse(state)
    if (!parsed) continue
    const { pointer: _moves, place, plan, ...rest } = parsed
    const present: Present = {
      ...rest,
      ...(place && { place: withoutMoves(place) }),
      ...(plan !== undefined && { plan: plan && !withCarets ? { todo: plan.todo } : plan }),
      self: rest.user.id === selfId,
    }
    const known = people.get(present.user.id)
    if (!known || (present.active && !known.active)) people.set(present.user.id, present)
  }
  return [...people.values()].sort((a, b) => Number(b.self) - Number(a.self) || a.user.name.localeCompare(b.user.name))
}

function withoutMoves({ selection: _selected, reading: _read, ...place }: Place) {
  return place
}

type Source = { get(): readonly Present[]; subscribe(listener: () => void): () => void }

const empty: Source = { get: () => nobody, subscribe: () => () => {} }
const sources = new WeakMap<Awareness, Map<string, Source>>()

/** One reading for all who ask: it is renewed once a change, and tells nobody of what it leaves out. */
export function presenceOf(awareness: Awareness | null, selfId: string, withCarets = false): Source {
  if (!awareness) return empty
  const known = sources.get(awareness) ?? new Map<string, Source>()
  sources.set(awareness, known)
  const key = `${selfId} ${withCarets}`
  const made = known.get(key) ?? createSource(awareness, selfId, withCarets)
  known.set(key, made)
  return made
}

/** Few changes are told at once; of many, as a room full of people makes, so many in this time, the newest last. */
const pace = { most: 3, ms: 400 }

function createSource(awareness: Awareness, selfId: string, withCarets: boolean): Source {
  const listeners = new Set<() => void>()
  let value: readonly Present[] = readPresence(awareness, selfId, withCarets)
  let began = -pace.ms
  let told = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const onChange = () => {
    if (timer !== undefined) return
    const now = performance.now()
    if (now - began >= pace.ms) {
      began = now
      told = 0
    }
    told += 1
    if (told <= pace.most) renew()
    else {
      timer = setTimeout(
        () => {
          timer = undefined
          renew()
        },
        began + pace.ms - now,
      )
    }
  }
  const renew = () => {
    const next = readPresence(awareness, selfId, withCarets)
    if (sameValue(value, next, 4)) return
    value = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => value,
    subscribe(listener) {
      if (listeners.size === 0) awareness.on('change', onChange)
      listeners.add(listener)
      renew()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        awareness.off('change', onChange)
        clearTimeout(timer)
        timer = undefined
      }
    },
  }
}

export type RoomPresence = { awareness: Awareness | null; selfId: string }

/** The room's presence, for leaves that show a part of it. Its value changes only with the connection. */
export const PresenceContext = createContext<RoomPresence>({ awareness: null, selfId: '' })

/** A part of who is here: the component renders again only when that part has changed. */
export function usePresentPart<T>(select: (present: readonly Present[]) => T): T {
  const { awareness, selfId } = useContext(PresenceContext)
  return usePartOf(presenceOf(awareness, selfId), select)
}

/** As `usePresentPart`, of any room. */
export function usePartOf<T>(source: Source, select: (present: readonly Present[]) => T): T {
  const last = useRef<{ of: T }>(undefined)
  const get = () => {
    const next = select(source.get())
    if (!last.current || !sameValue(last.current.of, next, 5)) last.current = { of: next }
    return last.current.of
  }
  return useSyncExternalStore(source.subscribe, get)
}
