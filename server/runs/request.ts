import type { ModelMessage, ModelRequest } from '../models/port.ts'
import { describeTool } from '../tools/define.ts'
import { buildContext } from './context.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import type { History } from './history.ts'
import { tokenCounter } from './tokens.ts'

/** The part of the window that is left for the answer and for what an estimate misses. */
const usable = 0.85

/** What the model is asked now. Says once a run when older messages no longer fit. */
export function createRequests(x: Execution, history: History) {
  let told = false
  const tools = x.agent.tools.map(describeTool)
  const toolChars = JSON.stringify(tools).length

  return async function build(): Promise<{ request: ModelRequest; tokens: number }> {
    const items = await history()
    const extra: ModelMessage[] = []
    for (const provider of x.agent.context) {
      try {
        extra.push(...(await provider.provide(x.context)))
      } catch (error) {
        x.log.warn({ err: error, provider: provider.name }, 'a context provider failed')
      }
    }
    const window = x.agent.contextWindow
    const count = await tokenCounter(JSON.stringify(items).length + toolChars, window)
    const maxTokens = Math.max(500, window * usable - toolChars / 3.5)
    const built = buildContext({ system: x.agent.system, items, extra, maxTokens, count })
    if (built.trimmed > 0 && !told) {
      told = true
      const text = `${x.agent.name} no longer sees the oldest part of this conversation: it does not fit its context window.`
      await x.commit(async () => ({
        value: undefined,
        items: [runEvent(x.runId, 'context_trimmed', text, x.deps.clock.now(), { detail: { agent: x.agent.name } })],
      }))
    }
    let request: ModelRequest = { model: x.agent.model.modelId, messages: built.messages, tools }
    for (const transform of x.agent.transforms) request = await transform(request, x.context)
    return { request, tokens: Math.ceil(built.tokens + toolChars / 3.5) }
  }
}

export type BuildRequest = ReturnType<typeof createRequests>
