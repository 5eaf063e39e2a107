import type { Concept } from './lexicon.ts'
import type { Fact, Request } from './request.ts'

/**
 * A cue: names of concepts and facts that a request must all have, separated by spaces. `a|b` is either, `^a` what it begins
 * with, `!a` what it must not have; `+2` at the end makes it count for more. An intent counts by its best cue.
 */
export type Cue = string

type Need = { any: readonly string[]; leads: boolean; not: boolean }
type ReadCue = { needs: readonly Need[]; bonus: number }

const read = new Map<Cue, ReadCue>()

/** What a cue asks for; each is read once. */
export function readCue(cue: Cue): ReadCue {
  const known = read.get(cue)
  if (known) return known
  const parts = cue.split(' ')
  const bonus = Number(parts.find((part) => /^\+[\d.]+$/.test(part)) ?? 0)
  const needs = parts
    .filter((part) => !part.startsWith('+'))
    .map((part) => ({ any: part.replace(/^[!^]/, '').split('|'), leads: part.startsWith('^'), not: part.startsWith('!') }))
  const whole = { needs, bonus }
  read.set(cue, whole)
  return whole
}

/** From here on a request counts as understood. */
const enough = 1.5

/** How much of a cue a request fulfils; 0 unless it has all of it. */
function scoreOf(cue: Cue, { has, leads }: Request): number {
  const { needs, bonus } = readCue(cue)
  const met = needs.every(({ any, leads: first, not }) => {
    const found = any.some((name) => (first ? leads.has(name as Concept) : has.has(name as Concept | Fact)))
    return found !== not
  })
  if (!met) return 0
  const asked = needs.filter(({ not }) => !not)
  // What lies outside of the room speaks against any reading.
  return asked.length + asked.filter(({ leads: first }) => first).length * 0.5 + bonus - (has.has('outside') ? 1.25 : 0)
}

type Candidate = { cues: readonly Cue[]; claims?: (request: Request) => number }

/** The intent that a request means, or undefined. The only place where one is preferred to another: the higher score, then the earlier one. */
export function recognise<I extends Candidate>(request: Request, intents: readonly I[]): I | undefined {
  let best: { intent: I; score: number } | undefined
  for (const intent of intents) {
    const score = Math.max(intent.claims?.(request) ?? 0, ...intent.cues.map((cue) => scoreOf(cue, request)))
    if (score >= enough && score > (best?.score ?? 0)) best = { intent, score }
  }
  return best?.intent
}
