import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions'
import { declaredTools } from './declared-tools.ts'
import type { ModelRequest } from './port.ts'
import type { Wants } from './valid-history/sent-back.ts'
import { validHistory } from './valid-history/valid-history.ts'

/** What a server was found not to understand, learned from its refusals. */
export type Dialect = { streamOptions: boolean; pictures: boolean; maxTokens: 'max_tokens' | 'max_completion_tokens' }

/** @param to the service's host, what the model wants of a history, and the boundary that was drawn for this request */
export function toWire(
  request: ModelRequest,
  dialect: Dialect,
  to: { service: string; wants: Wants; boundary: string },
): ChatCompletionCreateParamsStreaming {
  const messages = validHistory(request.messages, { model: request.model, pictures: dialect.pictures, ...to })
  const tools = declaredTools(request.tools, messages)
  return {
    model: request.model,
    messages,
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function' as const, function: tool })) }),
    ...(request.maxOutputTokens !== undefined && { [dialect.maxTokens]: request.maxOutputTokens }),
  }
}

/** Tokens, guessed at four characters each, for servers that do not count. */
export function guessTokens(characters: number): number {
  return Math.ceil(characters / 4)
}
