import { useMemo, useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import { PresenceState } from '#shared/presence/schema.ts'
import { sameValue } from './same-value.ts'

/** Somebody in the room, once, however many tabs they have: the tab that is active, or the last one seen. */
export type Present = PresenceState & { self: boolean }

const nobody: readonly Present[] = []

/** Reads who is here; malformed states are left out. */
export function readPresence(awareness: Awareness, selfId: string): Present[] {
  const people = new Map<string, Present>()
  for (const state of awareness.getStates().values()) {
    const parsed = PresenceState.safeParse(state)
    if (!parsed.success) continue
    const present = { ...parsed.data, self: parsed.data.user.id === selfId }
    const known = people.get(present.user.id)
    if (!known || (present.active && !known.active)) people.set(present.user.id, present)
  }
  return [...people.values()].sort((a, b) => Number(b.self) - Number(a.self) || a.user.name.localeCompare(b.user.name))
}

/** The people in a room, oneself first, then by name. */
export function usePresence(awareness: Awareness | null, selfId: string): readonly Present[] {
  const source = useMemo(() => {
    if (!awareness) return { get: () => nobody, subscribe: () => () => {} }
    let value: readonly Present[] = readPresence(awareness, selfId)
    return {
      get: () => value,
      subscribe(listener: () => void) {
        const renew = () => {
          const next = readPresence(awareness, selfId)
          if (sameValue(value, next, 4)) return
          value = next
          listener()
        }
        awareness.on('change', renew)
        renew()
        return () => awareness.off('change', renew)
      },
    }
  }, [awareness, selfId])
  return useSyncExternalStore(source.subscribe, source.get)
}
