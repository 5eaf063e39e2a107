import type { Reply } from './intent.ts'
import { countTokens, toolCallDelta } from './wire.ts'
import type { WireRequest, WireUsage } from './wire.ts'

/** Words of a piece of text, and characters of a piece of arguments. */
const pieces = { words: 3, characters: 80 }

/** A reply as the deltas of its stream, in order. */
export function planStream(reply: Reply, nextCall: number): { deltas: Record<string, unknown>[]; finish: string } {
  const deltas: Record<string, unknown>[] = [{ role: 'assistant', content: '' }]
  for (const piece of byWords(reply.reasoning ?? '')) deltas.push({ reasoning_content: piece })
  for (const piece of byWords(reply.text ?? '')) deltas.push({ content: piece })
  const calls = reply.calls ?? []
  for (const [index, call] of calls.entries()) {
    deltas.push(toolCallDelta(index, '', { id: callId(nextCall + index), name: call.name }))
    for (const piece of byLength(JSON.stringify(call.args))) deltas.push(toolCallDelta(index, piece))
  }
  return { deltas, finish: calls.length > 0 ? 'tool_calls' : 'stop' }
}

/** The same reply whole. */
export function replyMessage(reply: Reply, nextCall: number) {
  const calls = (reply.calls ?? []).map((call, index) => ({
    id: callId(nextCall + index),
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.args) },
  }))
  const message = { role: 'assistant', content: reply.text ?? null, ...(calls.length > 0 && { tool_calls: calls }) }
  return { message, finish: calls.length > 0 ? 'tool_calls' : 'stop' }
}

export function usageOf(request: WireRequest, reply: Reply): WireUsage {
  const asked = countTokens(JSON.stringify(request.messages))
  const said = countTokens(`${reply.reasoning ?? ''}${reply.text ?? ''}${JSON.stringify(reply.calls ?? [])}`)
  return { prompt_tokens: asked, completion_tokens: said, total_tokens: asked + said }
}

/** Of nine letters and digits: as ids are told to every service, so that the next number can be read from them. */
const callId = (number: number) => `demo${String(number).padStart(5, '0')}`

const byWords = (text: string) => text.match(new RegExp(`(?:\\S+\\s*){1,${pieces.words}}|\\s+`, 'g')) ?? []
const byLength = (text: string) =>
  Array.from({ length: Math.ceil(text.length / pieces.characters) }, (_, at) => text.slice(at * pieces.characters, (at + 1) * pieces.characters))
