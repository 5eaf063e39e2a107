import type { Item } from '#shared/sessions/items.ts'
import type { ModelMessage, ModelRequest } from '../../models/port.ts'
import { sendsThoughts } from '../../models/wants.ts'
import { describeTool } from '../../tools/define.ts'
import { runEvent } from '../events.ts'
import type { Execution } from '../execution.ts'
import { turnsOf } from './history-stage.ts'
import type { Turn } from './history-stage.ts'
import { readDetails } from './provider-details.ts'
import { withSight } from './sight-stage.ts'
import type { StoredItems } from './stored-items.ts'
import { tokenCounter } from './token-counter.ts'
import { trim } from './trim-stage.ts'
import type { Trimmed } from './trim-stage.ts'

/** The part of the window that is left for the answer and for what an estimate misses. */
const usable = 0.85

/**
 * What the model is asked now, by these stages in this order:
 *   history     the session's items, as turns of the conversation
 *   context     the system text, and what the agent's providers add before the conversation
 *   trimming    as much as fits the model's window; said once a run, when something did not
 *   sight       pictures, for a model that sees
 *   transforms  the last changes, made by the agent's capabilities
 */
export function createRequests(execution: Execution, stored: StoredItems) {
  const { agent } = execution
  let told = false
  const tools = agent.tools.map(describeTool)
  const toolChars = JSON.stringify(tools).length

  async function history(items: readonly Item[]): Promise<Turn[]> {
    const { database, projects, profiles } = execution.deps
    const details = await readDetails(database.db, items)
    const roles = await projects.rolesIn(execution.projectId)
    return turnsOf(items, { self: agent.id, agents: await profiles.list(execution.context.tenantId), roles }, details)
  }

  async function context(): Promise<ModelMessage[]> {
    const fixed: ModelMessage[] = [{ role: 'system', text: agent.system }]
    for (const provider of agent.context) {
      try {
        fixed.push(...(await provider.provide(execution.context)))
      } catch (error) {
        execution.log.warn({ err: error, provider: provider.name }, 'a context provider failed')
      }
    }
    return fixed
  }

  async function trimming(fixed: readonly ModelMessage[], turns: readonly Turn[], items: readonly Item[]): Promise<Trimmed> {
    const window = agent.contextWindow
    const count = await tokenCounter(JSON.stringify(items).length + toolChars, window)
    const maxTokens = Math.max(500, window * usable - toolChars / 3.5)
    const fitted = trim(fixed, turns, { maxTokens, sendsThoughts: sendsThoughts(execution.model), count })
    if (fitted.trimmed > 0 && !told) {
      told = true
      const text = `This conversation no longer fits ${agent.name}'s context window. ${agent.name} no longer sees the oldest messages.`
      const detail = { agent: agent.name }
      await execution.commit(async () => ({
        value: undefined,
        items: [runEvent(execution.runId, 'context_trimmed', text, execution.deps.clock.now(), { detail })],
      }))
    }
    return fitted
  }

  async function transforms(request: ModelRequest): Promise<ModelRequest> {
    let changed = request
    for (const transform of agent.transforms) changed = await transform(changed, execution.context)
    return changed
  }

  return async function build(): Promise<{ request: ModelRequest; tokens: number }> {
    const items = await stored()
    const fitted = await trimming(await context(), await history(items), items)
    const messages = await withSight(execution, fitted.messages)
    const request = await transforms({ model: execution.model, messages, tools })
    return { request, tokens: Math.ceil(fitted.tokens + toolChars / 3.5) }
  }
}

export type BuildRequest = ReturnType<typeof createRequests>
