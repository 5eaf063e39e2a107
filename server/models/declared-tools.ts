import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { ModelRequest } from './port.ts'

type Tool = ModelRequest['tools'][number]

/** The tools to declare: those of the request; where it has none, the ones that the history calls, or services refuse the history. */
export function declaredTools(tools: readonly Tool[], messages: readonly ChatCompletionMessageParam[]): readonly Tool[] {
  if (tools.length > 0) return tools
  const called = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
  const names = new Set(called.flatMap((call) => (call.type === 'function' ? [call.function.name] : [])))
  return [...names].map((name) => ({ name, description: 'No longer offered: do not call it.', parameters: { type: 'object', properties: {} } }))
}
