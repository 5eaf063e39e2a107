import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { between, explainMarks, outputMarks } from '../boundary/marks.ts'
import type { ModelMessage, SentPicture } from '../port.ts'
import { callArgs } from './call-args.ts'
import { createCallIds } from './call-ids.ts'
import { callName } from './call-names.ts'
import { emptyResult, noResult } from './notes.ts'
import { inOrder } from './order.ts'
import { sentBack } from './sent-back.ts'
import type { Recipient } from './sent-back.ts'
import { isBlank, paragraphs } from './text.ts'
import { readTurns } from './turns.ts'
import type { AgentTurn, TurnCall, UserTurn } from './turns.ts'

/**
 * Any history as messages that the strictest services take, all of them at once: one system text first, roles that take
 * turns, every call with exactly one result right behind it, nothing blank, and names, ids and arguments of calls that pass
 * everywhere. Words of people and what tools gave stand between marks of the request's boundary. Pure: the same history with
 * the same boundary gives the same messages. What only one service asks for is added in `sent-back.ts`.
 */
export function validHistory(messages: readonly ModelMessage[], to: Recipient): ChatCompletionMessageParam[] {
  const { system, turns } = readTurns(to.pictures ? messages : messages.map(withoutPictures), to.boundary)
  const giveId = createCallIds()
  const wire = inOrder(turns).flatMap((turn) => (turn.role === 'user' ? [userMessage(turn)] : agentMessages(turn, to, giveId)))
  // What explains the boundary comes last: all before it stays the same from request to request, and can be cached.
  return [{ role: 'system', content: paragraphs([system, explainMarks(to.boundary)]) }, ...wire]
}

function withoutPictures(message: ModelMessage): ModelMessage {
  if (message.role !== 'user' && message.role !== 'tool') return message
  const { pictures: _, ...rest } = message
  return rest
}

/** Words alone are one text, which every service takes; with pictures they are parts. */
function userMessage({ parts }: UserTurn): ChatCompletionMessageParam {
  if (parts.every((part) => typeof part === 'string')) return { role: 'user', content: paragraphs(parts) }
  const content: (TextPart | ImagePart)[] = []
  for (const part of parts) {
    const last = content.at(-1)
    if (typeof part !== 'string') content.push(imagePart(part))
    else if (last?.type === 'text') last.text = paragraphs([last.text, part])
    else if (!isBlank(part)) content.push({ type: 'text', text: part.trimEnd() })
  }
  return { role: 'user', content }
}

type TextPart = { type: 'text'; text: string }
type ImagePart = { type: 'image_url'; image_url: { url: string } }

const imagePart = ({ mime, data }: SentPicture): ImagePart => ({ type: 'image_url', image_url: { url: `data:${mime};base64,${data}` } })

/** What the agent said and called, and the results behind it. Only without a text it has no content: an empty one is refused. */
function agentMessages(turn: AgentTurn, to: Recipient, giveId: (id: string) => string): ChatCompletionMessageParam[] {
  const text = paragraphs(turn.texts)
  const calls = turn.calls.map((call) => ({ ...call, id: giveId(call.id) }))
  const back = sentBack(turn, to)
  const apart = calls.length > 0 && text !== '' && !to.wants.textWithCalls
  const toolCalls = calls.map(({ id, name, args }, at) => ({
    ...back.calls[at],
    id,
    type: 'function' as const,
    function: { name: callName(name), arguments: callArgs(args) },
  }))
  return [
    { ...back.message, role: 'assistant', content: apart || text === '' ? null : text, ...(calls.length > 0 && { tool_calls: toolCalls }) },
    ...calls.map((call, at) =>
      resultMessage(call, apart && at === 0 ? `(You said with this call:)\n${between(outputMarks(to.boundary, 'you'), text)}\n` : ''),
    ),
  ]
}

const resultMessage = ({ id, result }: TurnCall, note: string): ChatCompletionMessageParam => ({
  role: 'tool',
  tool_call_id: id,
  content: note + (result === undefined ? noResult : isBlank(result) ? emptyResult : result),
})
