import type { ModelMessage, ModelPicture, ModelRequest } from '../models/port.ts'
import { sendsThoughts } from '../models/wants.ts'
import { describeTool } from '../tools/define.ts'
import { withAttached } from './attached-pictures.ts'
import { buildContext } from './context.ts'
import { runEvent } from './events.ts'
import type { Execution } from './execution.ts'
import type { History } from './history.ts'
import { readKept } from './kept-details.ts'
import { tokenCounter } from './tokens.ts'

/** Pictures of the screen that a request holds, and bytes of one. */
const maxPictures = 2
const maxPictureBytes = 4 * 1024 * 1024

/** The part of the window that is left for the answer and for what an estimate misses. */
const usable = 0.85

/** What the model is asked now. Says once a run when older messages no longer fit. */
export function createRequests(execution: Execution, history: History) {
  let told = false
  const tools = execution.agent.tools.map(describeTool)
  const toolChars = JSON.stringify(tools).length

  return async function build(): Promise<{ request: ModelRequest; tokens: number }> {
    const items = await history()
    const details = await readKept(execution.deps.database.db, items)
    const roles = await execution.deps.projects.rolesIn(execution.projectId)
    const extra: ModelMessage[] = []
    for (const provider of execution.agent.context) {
      try {
        extra.push(...(await provider.provide(execution.context)))
      } catch (error) {
        execution.log.warn({ err: error, provider: provider.name }, 'a context provider failed')
      }
    }
    const window = execution.agent.contextWindow
    const count = await tokenCounter(JSON.stringify(items).length + toolChars, window)
    const maxTokens = Math.max(500, window * usable - toolChars / 3.5)
    const built = buildContext({
      self: execution.agent.id,
      agents: await execution.deps.profiles.list(execution.context.tenantId),
      system: execution.agent.system,
      items,
      extra,
      roles,
      details,
      sendsThoughts: sendsThoughts(execution.model),
      maxTokens,
      count,
    })
    if (built.trimmed > 0 && !told) {
      told = true
      const text = `This conversation no longer fits ${execution.agent.name}'s context window. ${execution.agent.name} no longer sees the oldest messages.`
      await execution.commit(async () => ({
        value: undefined,
        items: [runEvent(execution.runId, 'context_trimmed', text, execution.deps.clock.now(), { detail: { agent: execution.agent.name } })],
      }))
    }
    let request: ModelRequest = { model: execution.model, messages: await withSight(execution, built.messages), tools }
    for (const transform of execution.agent.transforms) request = await transform(request, execution.context)
    return { request, tokens: Math.ceil(built.tokens + toolChars / 3.5) }
  }
}

/** What there is to see, for a model that may see it. Of one whose sight is not known only the screen is tried. */
async function withSight(execution: Execution, messages: readonly ModelMessage[]): Promise<ModelMessage[]> {
  const sees = execution.deps.models.sees(execution.model)
  const told = await withAttached(messages, {
    sees: sees === true,
    async read(path, maxBytes) {
      const sandbox = await execution.deps.sandboxes.get(execution.projectId)
      return sandbox.files.read(path, { maxBytes })
    },
  })
  return sees === false ? told : withPictures(execution, told)
}

/** The newest pictures are sent, older ones are not: a model needs the screen as it is. */
async function withPictures(execution: Execution, messages: readonly ModelMessage[]): Promise<ModelMessage[]> {
  let left = maxPictures
  const told: ModelMessage[] = []
  for (const message of messages.toReversed()) {
    if (message.role !== 'tool' || !message.pictures || left === 0) {
      told.unshift(message)
      continue
    }
    const pictures: ModelPicture[] = []
    for (const picture of message.pictures) {
      if (left-- <= 0) break
      try {
        const { size, body } = await execution.deps.artifacts.read(execution.projectId, picture.artifactId)
        if (size > maxPictureBytes) continue
        pictures.push({ ...picture, data: Buffer.from(await new Response(body).arrayBuffer()).toString('base64') })
      } catch (error) {
        execution.log.warn({ err: error }, 'a picture for the model could not be read')
      }
    }
    told.unshift({ ...message, pictures })
  }
  return told
}

export type BuildRequest = ReturnType<typeof createRequests>
