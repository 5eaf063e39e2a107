import { between, outputMarks, saidMarks } from '../boundary/marks.ts'
import type { ProviderDetails, ModelMessage, SentPicture, Thoughts } from '../port.ts'
import { pictureNote, strayNote } from './notes.ts'
import { isBlank, paragraphs, wellFormed } from './text.ts'

/** A call together with its result: neither can be without the other. */
export type TurnCall = { id: string; name: string; args: string; result?: string; details?: ProviderDetails }

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

/** Messages as turns, whatever their order: results are with their calls, the system's texts apart, all else between its marks. */
export function readTurns(messages: readonly ModelMessage[], boundary: string): { system: string; turns: Turn[] } {
  const turns: Turn[] = []
  const system: string[] = []
  for (const message of messages) {
    if (message.role === 'system') system.push(wellFormed(message.text))
    else if (message.role === 'user') turns.push(userTurn(message, boundary))
    else if (message.role === 'assistant') turns.push(agentTurn(message))
    else addResult(turns, message, boundary)
  }
  return { system: paragraphs(system), turns: turns.flatMap((turn) => withScreen(turn, boundary)) }
}

type Message<Role> = Extract<ModelMessage, { role: Role }>

/** A person's words and pictures, between their marks. What is nobody's is the server's, and has none. */
function userTurn({ by, to, text, pictures = [] }: Message<'user'>, boundary: string): UserTurn {
  const said = wellFormed(text)
  if (isBlank(said) && pictures.length === 0) return { role: 'user', parts: [] }
  if (!by) return { role: 'user', parts: [said, ...pictures] }
  const marks = saidMarks(boundary, by, to)
  if (pictures.length === 0) return { role: 'user', parts: [between(marks, said)] }
  return { role: 'user', parts: [isBlank(said) ? marks.open : `${marks.open}\n${said}`, ...pictures, marks.close] }
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
function addResult(turns: Turn[], message: Message<'tool'>, boundary: string): void {
  const agents = turns.filter((turn) => turn.role === 'assistant').toReversed()
  const asked = (turn: AgentTurn, open: boolean) => turn.calls.find((call) => call.id === message.callId && (call.result === undefined) === open)
  const turn = agents.find((one) => asked(one, true)) ?? agents.find((one) => asked(one, false))
  const call = turn && (asked(turn, true) ?? asked(turn, false))
  const text = resultText(message, call?.name ?? 'tool', boundary)
  if (!turn || !call) {
    turns.push({ role: 'user', parts: text === '' ? [] : [`${strayNote}\n${text}`] })
    return
  }
  call.result = call.result === undefined ? text : `${call.result}\n${text}`
  turn.screen.push(...(message.pictures ?? []).flatMap(({ mime, data }) => (data === undefined ? [] : [{ mime, data }])))
}

/** What a tool gave, between its marks; before it the server's note, and a person's words between theirs. */
function resultText({ text, note = '', said }: Message<'tool'>, from: string, boundary: string): string {
  const gave = wellFormed(text)
  const parts = [
    wellFormed(note),
    said ? between(saidMarks(boundary, said.by), wellFormed(said.text)) : '',
    isBlank(gave) ? '' : between(outputMarks(boundary, from), gave),
  ]
  return parts.filter((part) => !isBlank(part)).join('\n')
}

/** Results of tools are text in this protocol. Pictures follow them, as what a user shows: that is what services with vision take. */
function withScreen(turn: Turn, boundary: string): Turn[] {
  if (turn.role === 'user' || turn.screen.length === 0) return [turn]
  const { open, close } = outputMarks(boundary, 'screen')
  return [turn, { role: 'user', parts: [`${open}\n${pictureNote}`, ...turn.screen, close] }]
}
