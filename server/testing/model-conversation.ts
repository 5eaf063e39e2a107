import { pino } from 'pino'
import { createModel } from '../models/openai.ts'
import type { ModelOptions } from '../models/openai.ts'
import type { Model, ModelEvent, ModelRequest } from '../models/port.ts'
import { startScriptedModel } from './scripted-model.ts'
import type { ScriptedModel } from './scripted-model.ts'

/** Tomás says hello to a model that could read a file. */
export const hello: ModelRequest = {
  model: 'gpt-test',
  messages: [
    { role: 'system', text: 'Be kind.' },
    { role: 'user', by: { name: 'Tomás' }, text: 'Hello' },
  ],
  tools: [{ name: 'read_file', description: 'Reads', parameters: { type: 'object' } }],
}

/** The key that must appear nowhere. */
export const secret = 'sk-ada-very-secret-0123456789'

/** A scripted service, and the real client before it. */
export async function startConversation() {
  const service: ScriptedModel = await startScriptedModel()
  const logged: string[] = []
  const model = (options: Partial<ModelOptions> = {}): Model =>
    createModel({
      apiKey: secret,
      baseUrl: service.url,
      log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
      retry: { attempts: 4, firstMs: 1, longestMs: 50 },
      ...options,
    })
  return {
    service,
    logged,
    model,
    ask: (options?: Partial<ModelOptions>, request = hello) => collect(model(options).stream(request, new AbortController().signal)),
    stop: () => service.stop(),
  }
}

export async function collect(stream: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

export const textOf = (events: ModelEvent[]) => events.map((event) => (event.type === 'text' ? event.text : '')).join('')

/** The tool calls of an answer, put together. */
export function callsOf(events: ModelEvent[]): { id: string; name: string; args: string }[] {
  const found = new Map<number, { id: string; name: string; args: string }>()
  for (const event of events) {
    if (event.type !== 'tool_call_chunk') continue
    const call = found.get(event.index)
    if (call) call.args += event.args
    else found.set(event.index, { id: event.id, name: event.name, args: event.args })
  }
  return [...found.values()]
}
