import { z } from 'zod'

/*
 * What a streamed chunk may hold, as lenient servers send it. A field of the wrong kind counts as absent: only a chunk
 * that is no object at all is refused.
 */
const lax = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined)

const Part = z.looseObject({ type: lax(z.string()), text: lax(z.string()), thinking: lax(z.unknown()) })
const Content = z.union([z.string(), z.array(Part)])

/** What only the service itself reads, and wants back. */
const Opaque = z.record(z.string(), z.unknown())

const ToolCallDelta = z.looseObject({
  index: lax(z.number().int().min(0).max(1000)),
  id: lax(z.string().max(500)),
  extra_content: lax(Opaque),
  function: lax(
    z.looseObject({
      name: lax(z.string().max(500)),
      arguments: lax(z.union([z.string(), z.record(z.string(), z.unknown())])),
    }),
  ),
})
export type ToolCallDelta = z.infer<typeof ToolCallDelta>

const Delta = z.looseObject({
  content: lax(Content),
  refusal: lax(z.string()),
  reasoning_content: lax(z.string()),
  reasoning: lax(z.string()),
  reasoning_details: lax(z.array(Opaque)),
  extra_content: lax(Opaque),
  tool_calls: lax(z.array(ToolCallDelta)),
})
export type Delta = z.infer<typeof Delta>

const Tokens = z.number().min(0).max(1e12).transform(Math.round)

const Usage = z.looseObject({
  prompt_tokens: lax(Tokens),
  completion_tokens: lax(Tokens),
  prompt_tokens_details: lax(z.looseObject({ cached_tokens: lax(Tokens) })),
  completion_tokens_details: lax(z.looseObject({ reasoning_tokens: lax(Tokens) })),
})

export type Usage = z.infer<typeof Usage>

export const Chunk = z.looseObject({
  object: lax(z.string()),
  message: lax(z.string()),
  choices: lax(z.array(z.looseObject({ delta: lax(Delta), message: lax(Delta), finish_reason: lax(z.string()) }))),
  usage: lax(Usage),
})
export type Chunk = z.infer<typeof Chunk>

/** The visible text of a delta; a refusal is text too. */
export function textOf(delta: Delta): string {
  if (delta.refusal) return delta.refusal
  if (typeof delta.content === 'string') return delta.content
  return (delta.content ?? []).map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('')
}

/** What the model thinks aloud, under either of the names in use. */
export function reasoningOf(delta: Delta): string {
  return delta.reasoning_content || delta.reasoning || thinkingParts(delta)
}

function thinkingParts(delta: Delta): string {
  if (!Array.isArray(delta.content)) return ''
  return delta.content
    .filter((part) => part.type === 'thinking')
    .flatMap((part) => (Array.isArray(part.thinking) ? part.thinking : [part.thinking]))
    .map((piece) => (typeof piece === 'string' ? piece : ((piece as { text?: unknown } | null)?.text ?? '')))
    .filter((text) => typeof text === 'string')
    .join('')
}

const reasons = {
  length: ['length', 'max_tokens', 'max_output_tokens', 'model_length'],
  filtered: ['content_filter', 'safety', 'recitation', 'blocklist', 'prohibited_content', 'spii', 'refusal', 'sensitive'],
  ended: ['stop', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'end', 'done', 'complete', 'completed', 'finish', 'finished'],
  called: ['tool_calls', 'tool_call', 'tool_use', 'function_call', 'function_calls'],
}

/** A server's finish reason in the port's words. Undefined: it says of none that the answer is whole. */
export function finishOf(reason: string, calls: number): 'stop' | 'tool_calls' | 'length' | 'content_filter' | undefined {
  const said = reason.toLowerCase()
  if (reasons.length.includes(said)) return 'length'
  if (reasons.filtered.includes(said)) return 'content_filter'
  if (reasons.ended.includes(said) || reasons.called.includes(said)) return calls > 0 ? 'tool_calls' : 'stop'
  return undefined
}
