import { callsWith } from './strict-body.ts'
import type { WireBody, WireMessage } from './strict-body.ts'

/** Gives the reasons to refuse a request. */
export type Rule = { name: string; check(body: WireBody): string[] }

const withoutSystem = ({ messages }: WireBody) => messages.filter(({ role }) => role !== 'system')

/** Right behind a message with calls stand its results, one for each call, and nowhere else are any. */
export function callsAnswered({ messages }: WireBody): string[] {
  const why: string[] = []
  let open: string[] = []
  for (const [at, message] of messages.entries()) {
    if (message.role === 'tool') {
      const found = open.indexOf(message.tool_call_id ?? '')
      if (found < 0) why.push(`messages.${at}: a result without a call`)
      else open.splice(found, 1)
      continue
    }
    if (open.length > 0) why.push(`messages.${at}: calls without a result`)
    open = (message.tool_calls ?? []).map(({ id }) => id)
    if (new Set(open).size < open.length) why.push(`messages.${at}: two calls of one id`)
  }
  return open.length > 0 ? [...why, 'calls without a result at the end'] : why
}

export const startsWithPerson = (body: WireBody): string[] => (withoutSystem(body)[0]?.role === 'user' ? [] : ['a person does not begin'])

export const endsWithQuestion = ({ messages }: WireBody): string[] =>
  ['user', 'tool'].includes(messages.at(-1)?.role ?? '') ? [] : [`the last role is ${messages.at(-1)?.role}`]

export const toolsDeclared = (body: WireBody): string[] => (callsWith(body).length > 0 && !body.tools?.length ? ['calls, but no tools'] : [])

/** Of people's messages and answers without calls every other one is a person's, the first too. */
export function alternates(body: WireBody): string[] {
  const turns = withoutSystem(body).filter(({ role, tool_calls }) => role === 'user' || (role === 'assistant' && !tool_calls?.length))
  return turns.flatMap(({ role }, at) => ((role === 'user') === (at % 2 === 0) ? [] : ['roles must alternate user/assistant/user/assistant/…']))
}

/** Neither in the request nor in the JSON that it holds as text. */
export function wellFormedText(body: WireBody): string[] {
  const isBroken = (text: string) => !text.isWellFormed() || text.includes('\u0000')
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, one]) => [key, ...texts(one)])
        : []
  const args = (message: WireMessage) => (message.tool_calls ?? []).flatMap((call) => texts(read(call.function.arguments)))
  return body.messages.flatMap((message, at) => ([...texts(message), ...args(message)].some(isBroken) ? [`messages.${at}: a broken text`] : []))
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
