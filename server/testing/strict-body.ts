/** A request as it arrives at a service. */
export type WireBody = { model: string; messages: WireMessage[]; tools?: { function: { name: string } }[] }
export type WireMessage = {
  role: string
  content?: string | null | { type: string; text?: string }[]
  tool_call_id?: string
  tool_calls?: WireCall[]
  reasoning_content?: string
}
export type WireCall = { id: string; type: string; function: { name: string; arguments: string }; extra_content?: unknown }

/** The texts of a message; none where its content is null. */
export function textsOf({ content }: WireMessage): string[] {
  if (typeof content === 'string') return [content]
  return (content ?? []).flatMap(({ type, text }) => (type === 'text' ? [text ?? ''] : []))
}

export const callsWith = ({ messages }: WireBody) => messages.flatMap((message, at) => (message.tool_calls ?? []).map((call) => ({ at, call })))

export const namesOf = (body: WireBody) => [
  ...callsWith(body).map(({ call }) => call.function.name),
  ...(body.tools ?? []).map((tool) => tool.function.name),
]

/** A JSON object; undefined for any other text. */
export function readObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
