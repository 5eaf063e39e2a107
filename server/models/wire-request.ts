import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ModelMessage, ModelRequest } from './port.ts'

/** What a server was found not to understand, learned from its refusals. */
export type Dialect = { streamOptions: boolean; pictures: boolean; maxTokens: 'max_tokens' | 'max_completion_tokens' }

export function toWire(request: ModelRequest, dialect: Dialect): ChatCompletionCreateParamsStreaming {
  return {
    model: request.model,
    messages: toWireMessages(request.messages, dialect.pictures),
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...(request.tools.length > 0 && { tools: request.tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
    ...(request.maxOutputTokens !== undefined && { [dialect.maxTokens]: request.maxOutputTokens }),
  }
}

/** How what follows the results of tools begins: pictures are told apart from people by it. */
export const pictureNote = '(The screen after the last call.)'

/**
 * Results of tools are text in this protocol. Pictures follow the last of a row of them, as what a user shows: that is what
 * services with vision take.
 */
function toWireMessages(messages: readonly ModelMessage[], pictures: boolean): ChatCompletionMessageParam[] {
  return messages.flatMap((message, at) => {
    const wire = toWireMessage(message, pictures)
    if (!pictures || message.role !== 'tool' || messages[at + 1]?.role === 'tool') return [wire]
    const first = messages.findLastIndex((other, index) => index < at && other.role !== 'tool') + 1
    const shown = messages.slice(first, at + 1).flatMap((other) => (other.role === 'tool' ? (other.pictures ?? []) : []))
    const parts = shown.flatMap(({ mime, data }) => (data === undefined ? [] : [imagePart(mime, data)]))
    return parts.length === 0 ? [wire] : [wire, { role: 'user' as const, content: [{ type: 'text' as const, text: pictureNote }, ...parts] }]
  })
}

const imagePart = (mime: string, data: string) => ({ type: 'image_url' as const, image_url: { url: `data:${mime};base64,${data}` } })

/**
 * A person's name leads their text ("Ada: hello"): the protocol's own `name` field allows no spaces or accents, and several
 * servers refuse it.
 */
function toWireMessage(message: ModelMessage, pictures: boolean): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text }
    case 'user': {
      const text = message.name ? `${oneLine(message.name)}: ${message.text}` : message.text
      if (!pictures || !message.pictures) return { role: 'user', content: text }
      return { role: 'user', content: [{ type: 'text', text }, ...message.pictures.map(({ mime, data }) => imagePart(mime, data))] }
    }
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.text }
    case 'assistant': {
      const calls = message.toolCalls.map(({ id, name, args }) => ({
        id,
        type: 'function' as const,
        function: { name, arguments: args === '' ? '{}' : args },
      }))
      // Servers refuse an assistant's message that holds neither text nor calls.
      return {
        role: 'assistant',
        content: message.text === '' && calls.length > 0 ? null : message.text,
        ...(calls.length > 0 && { tool_calls: calls }),
      }
    }
  }
}

const oneLine = (name: string) => name.replace(/[\s:]+/g, ' ').trim()

/** Tokens, guessed at four characters each, for servers that do not count. */
export function guessTokens(characters: number): number {
  return Math.ceil(characters / 4)
}
