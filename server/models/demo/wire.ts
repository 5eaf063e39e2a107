import { z } from 'zod'
import { pictureAsText } from './pictures.ts'

/* The part of Chat Completions that the demo model and the scripted one speak. */

const Text = z.union([
  z.string(),
  z
    .array(z.looseObject({ text: z.string().optional(), image_url: z.looseObject({ url: z.string() }).optional() }))
    // What is said behind a picture is a paragraph of its own.
    .transform((parts) =>
      parts
        .map(({ text, image_url }, at) => (text !== undefined ? (at > 0 ? `\n\n${text}` : text) : image_url ? pictureAsText(image_url.url) : ''))
        .join(''),
    ),
])

export const WireMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: Text.nullish(),
  name: z.string().optional(),
  tool_call_id: z.string().optional(),
  tool_calls: z.array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) })).nullish(),
})
export type WireMessage = z.infer<typeof WireMessage>

export const WireRequest = z.looseObject({
  model: z.string(),
  messages: z.array(WireMessage).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
})
export type WireRequest = z.infer<typeof WireRequest>

export type WireUsage = { prompt_tokens: number; completion_tokens: number; total_tokens: number }

/** One server-sent event. */
export const sseLine = (data: unknown) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
export const sseDone = sseLine('[DONE]')

type Head = { id: string; model: string; created: number }

/** A chunk with one choice. */
export function wireChunk(head: Head, delta: Record<string, unknown>, finish: string | null = null) {
  return { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] }
}

/** The last chunk, which only counts. */
export const usageChunk = (head: Head, usage: WireUsage) => ({ ...head, object: 'chat.completion.chunk', choices: [], usage })

/** A piece of a tool call; its id and name come with the first. */
export function toolCallDelta(index: number, args: string, first?: { id: string; name: string }) {
  const call = first
    ? { index, id: first.id, type: 'function', function: { name: first.name, arguments: args } }
    : { index, function: { arguments: args } }
  return { tool_calls: [call] }
}

/** An error's body. */
export const wireError = (message: string, type: string, code: string | null = null) => ({ error: { message, type, param: null, code } })

export const countTokens = (text: string) => Math.ceil(text.length / 4)
