import { noThoughts } from './notes.ts'
import { paragraphs, wellFormed } from './text.ts'
import type { AgentTurn } from './turns.ts'

/** What one model asks for in a history that others refuse. See `wants.ts` for how it is known. */
export type Wants = {
  /** The thoughts of every answer, as `reasoning_content`. */
  thoughts: boolean
  /** A signature with the first of the calls of an answer, as `extra_content`. */
  signatures: boolean
  /** What it sent with its calls, unless it refuses its own. */
  details: boolean
  /** Whether an answer may hold both text and calls. */
  textWithCalls: boolean
}

/** Whom a history is for. `service`: the host. `boundary`: of this one request. */
export type Recipient = { model: string; service: string; pictures: boolean; wants: Wants; boundary: string }

/**
 * The value with which Gemini takes a call that no Gemini model made.
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs
 */
export const unsigned = { google: { thought_signature: 'skip_thought_signature_validator' } }

type Fields = Record<string, unknown>

/**
 * What goes back to a service beside what was said: its own signatures and details, as it sent them, and thoughts where they
 * are wanted. What another model or another service sent stays here: it cannot read it, and may refuse it.
 */
export function sentBack(turn: AgentTurn, to: Recipient): { message: Fields; calls: Fields[] } {
  const isOwn = ({ model, service }: { model: string; service: string }) => to.wants.details && model === to.model && service === to.service
  const own = turn.calls.map(({ details }) => (details && isOwn(details) ? details : undefined))
  const calls = own.map((details) => details?.call ?? {})
  const first = calls[0]
  if (to.wants.signatures && first && first.extra_content === undefined) calls[0] = { ...first, extra_content: unsigned }
  const answer = own.find((details) => details?.answer)?.answer
  return { message: { ...answer, ...(to.wants.thoughts && { reasoning_content: thoughtsOf(turn, to.model) }) }, calls }
}

/** Thoughts of another model are not this one's. */
function thoughtsOf(turn: AgentTurn, model: string): string {
  const own = turn.thoughts.filter((one) => one.model === undefined || one.model === model)
  return paragraphs(own.map(({ text }) => wellFormed(text))) || noThoughts
}
