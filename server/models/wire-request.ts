import type { ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ModelMessage, ModelRequest } from './port.ts'

/** What a server was found not to understand, learned from its refusals. */
export type Dialect = { streamOptions: boolean; maxTokens: 'max_tokens' | 'max_completion_tokens' }

export function toWire(request: ModelRequest, dialect: Dialect): ChatCompletionCreateParamsStreaming {
  return {
    model: request.model,
    messages: request.messages.map(toWireMessage),
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...(request.tools.length > 0 && { tools: request.tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
    ...(request.maxOutputTokens !== undefined && { [dialect.maxTokens]: request.maxOutputTokens }),
  }
}

/**
 * A person's name leads their text ("Ada: hello"): the protocol's own `name` field allows no spaces or accents, and several
 * servers refuse it.
 */
function toWireMessage(message: ModelMessage): ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.text }
    case 'user':
      return { role: 'user', content: message.name ? `${oneLine(message.name)}: ${message.text}` : message.text }
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
