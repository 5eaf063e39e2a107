import type { Awareness } from 'y-protocols/awareness'
import { memoParse } from '#shared/base/memo-parse.ts'
import { PresenceState, type Place } from '#shared/presence/schema.ts'

const parse = memoParse(PresenceState)

/** Where one of them is, with what moves: of several tabs the active one. */
export function readPlace(awareness: Awareness, id: string): Place | undefined {
  const theirs = [...awareness.getStates().values()].map(parse).filter((state) => state?.user.id === id)
  return (theirs.find((state) => state?.active) ?? theirs[0])?.place
}
