import { bridge, goOn, opening } from './notes.ts'
import { isBlank } from './text.ts'
import type { AgentTurn, Turn, UserTurn } from './turns.ts'

/**
 * The turns in the order that the strictest services ask for: people and the agent take turns, people speak first, and the
 * agent says something between the results of its tools and people's next words. Nothing is left out but what is blank.
 */
export function inOrder(turns: readonly Turn[]): Turn[] {
  const ordered: Turn[] = []
  for (const turn of turns.filter((one) => !isEmpty(one))) {
    const last = ordered.at(-1)
    if (!last && turn.role === 'assistant') ordered.push(said(opening))
    if (last?.role === 'assistant' && turn.role === 'user' && last.calls.length > 0) ordered.push(answered(bridge))
    if (!merge(ordered.at(-1), turn)) ordered.push(copy(turn))
  }
  const last = ordered.at(-1)
  if (!last) ordered.push(said(opening))
  if (last?.role === 'assistant' && last.calls.length === 0) ordered.push(said(goOn))
  return ordered
}

const said = (text: string): UserTurn => ({ role: 'user', parts: [text] })
const answered = (text: string): AgentTurn => ({ role: 'assistant', texts: [text], calls: [], thoughts: [], screen: [] })

const isEmpty = (turn: Turn) =>
  turn.role === 'user' ? turn.parts.every((part) => typeof part === 'string' && isBlank(part)) : turn.calls.length === 0 && turn.texts.every(isBlank)

/** The turn as one that more can be added to. */
const copy = (turn: Turn): Turn =>
  turn.role === 'user'
    ? { ...turn, parts: [...turn.parts] }
    : { ...turn, texts: [...turn.texts], calls: [...turn.calls], thoughts: [...turn.thoughts] }

/** Adds a turn to the one before, where that is of the same role and made no calls. @returns whether it could */
function merge(before: Turn | undefined, turn: Turn): boolean {
  if (before?.role === 'user' && turn.role === 'user') {
    before.parts.push(...turn.parts)
    return true
  }
  if (before?.role !== 'assistant' || turn.role !== 'assistant' || before.calls.length > 0) return false
  before.texts.push(...turn.texts)
  before.calls.push(...turn.calls)
  before.thoughts.push(...turn.thoughts)
  return true
}
