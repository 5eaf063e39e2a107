import type { KeptDetails, ModelMessage, SentPicture, Thoughts } from '../port.ts'
import { pictureNote, strayNote } from './notes.ts'
import { isBlank, paragraphs, wellFormed } from './text.ts'

/** A call together with its result: neither can be without the other. */
export type TurnCall = { id: string; name: string; args: string; result?: string; details?: KeptDetails }

/** Texts and pictures in the order in which they were said and shown, each person's pictures behind their words. */
export type UserTurn = { role: 'user'; parts: (string | SentPicture)[] }
export type AgentTurn = {
  role: 'assistant'
  texts: string[]
  calls: TurnCall[]
  thoughts: Thoughts[]
  /** What the screen showed after its calls. */
  screen: SentPicture[]
}
export type Turn = UserTurn | AgentTurn

/** Messages as turns, whatever their order: results are with their calls, the system's texts apart. */
export function readTurns(messages: readonly ModelMessage[]): { system: string; turns: Turn[] } {
  const turns: Turn[] = []
  const system: string[] = []
  for (const message of messages) {
    if (message.role === 'system') system.push(wellFormed(message.text))
    else if (message.role === 'user') turns.push(userTurn(message))
    else if (message.role === 'assistant') turns.push(agentTurn(message))
    else addResult(turns, message)
  }
  return { system: paragraphs(system), turns: turns.flatMap(withScreen) }
}

type Message<Role> = Extract<ModelMessage, { role: Role }>

/**
 * A person's name leads their text ("Ada: hello"): the protocol's own `name` field allows no spaces or accents, and several
 * servers refuse it.
 */
function userTurn({ name, text, pictures = [] }: Message<'user'>): UserTurn {
  const said = wellFormed(text)
  const by = wellFormed(name ?? '')
    .replace(/[\s:]+/g, ' ')
    .trim()
  if (isBlank(said) && pictures.length === 0) return { role: 'user', parts: [] }
  return { role: 'user', parts: [by === '' ? said : `${by}: ${said}`, ...pictures] }
}

function agentTurn({ text, toolCalls, thoughts }: Message<'assistant'>): AgentTurn {
  return {
    role: 'assistant',
    texts: [wellFormed(text)],
    calls: toolCalls.map((call) => ({ ...call })),
    thoughts: thoughts ? [thoughts] : [],
    screen: [],
  }
}

/** Puts a result to the last call of its id that has none; what comes once more is added, and what belongs to no call is told. */
function addResult(turns: Turn[], message: Message<'tool'>): void {
  const text = wellFormed(message.text)
  const agents = turns.filter((turn) => turn.role === 'assistant').toReversed()
  const asked = (turn: AgentTurn, open: boolean) => turn.calls.find((call) => call.id === message.callId && (call.result === undefined) === open)
  const turn = agents.find((one) => asked(one, true)) ?? agents.find((one) => asked(one, false))
  const call = turn && (asked(turn, true) ?? asked(turn, false))
  if (!turn || !call) {
    turns.push({ role: 'user', parts: isBlank(text) ? [] : [`${strayNote}\n${text}`] })
    return
  }
  call.result = call.result === undefined ? text : `${call.result}\n${text}`
  turn.screen.push(...(message.pictures ?? []).flatMap(({ mime, data }) => (data === undefined ? [] : [{ mime, data }])))
}

/** Results of tools are text in this protocol. Pictures follow them, as what a user shows: that is what services with vision take. */
function withScreen(turn: Turn): Turn[] {
  if (turn.role === 'user' || turn.screen.length === 0) return [turn]
  return [turn, { role: 'user', parts: [pictureNote, ...turn.screen] }]
}
