import type { WireMessage, WireRequest } from './wire.ts'

export type Said = { by: string | undefined; text: string }

/** `denied`: people said no; `text` then holds their reason. */
export type StepResult = { ok: boolean; denied: boolean; text: string; value: unknown }

/** One tool call and what came of it. */
export type Step = { tool: string; args: Record<string, unknown>; result: StepResult | undefined }

/** What somebody asked for, what was said while it was being done, and what was done. */
export type Task = Said & {
  steering: Said[]
  steps: Step[]
  /** The last thing in the conversation was said by people, meanwhile. */ interjected: Said[]
}

export type Conversation = {
  /** Earlier ones first; the last is the one to answer. */
  tasks: Task[]
  task: Task
  tools: ReadonlySet<string>
  /** Everyone who spoke, in order. */
  people: string[]
  /** For ids of calls: larger than any used before. */
  nextCall: number
}

/**
 * Reads a conversation into tasks. A task begins with the last thing said before the agent acts, and ends with an answer
 * that calls no tool; what people say in between steers it.
 */
export function readConversation(request: WireRequest): Conversation {
  const tasks: Task[] = []
  const people: string[] = []
  const waiting = new Map<string, Step>()
  let current: Task | undefined
  let acting = false
  let nextCall = 1
  for (const message of request.messages) {
    if (message.role === 'user') {
      const said = readSaid(message)
      if (said.by && !people.includes(said.by)) people.push(said.by)
      if (current && acting) {
        current.steering.push(said)
        current.interjected.push(said)
      } else {
        current = { ...said, steering: [], steps: [], interjected: [] }
        tasks.push(current)
      }
    }
    if (message.role === 'assistant') {
      const calls = message.tool_calls ?? []
      acting = calls.length > 0
      if (current) current.interjected = []
      for (const call of calls) {
        const step: Step = { tool: call.function.name, args: readArgs(call.function.arguments), result: undefined }
        current?.steps.push(step)
        waiting.set(call.id, step)
        nextCall = Math.max(nextCall, Number(/^call_demo_(\d+)$/.exec(call.id)?.[1] ?? 0) + 1)
      }
    }
    if (message.role === 'tool') {
      const step = waiting.get(message.tool_call_id ?? '')
      if (step) step.result = readResult(message.content ?? '')
    }
  }
  const task = current ?? { by: undefined, text: '', steering: [], steps: [], interjected: [] }
  return { tasks, task, tools: new Set((request.tools ?? []).map((tool) => tool.function.name)), people, nextCall }
}

/** `Ada: hello @agent` → Ada said "hello". */
function readSaid(message: WireMessage): Said {
  const content = message.content ?? ''
  const prefix = message.name ? undefined : /^([\p{L}][^\n:`"]{0,79}): ([\s\S]+)$/u.exec(content)
  const text = (prefix?.[2] ?? content).replace(/(^|\s)@(agent|builder)\b[,:]?/gi, '$1').trim()
  return { by: message.name ?? prefix?.[1], text }
}

function readArgs(text: string): Record<string, unknown> {
  const value = readJson(text)
  return isRecord(value) ? value : {}
}

/** A result may be JSON or plain words; what tells a failure is looked for in both. */
function readResult(text: string): StepResult {
  const value = readJson(text)
  const record = isRecord(value) ? value : {}
  const error = isRecord(record.error) ? record.error : undefined
  const code = String(error?.code ?? record.code ?? '')
  const status = String(record.status ?? '')
  const said = String(error?.message ?? record.message ?? record.reason ?? (typeof record.error === 'string' ? record.error : text))
  const denied = /denied|declined/i.test(`${status} ${code}`) || (!isRecord(value) && /^[^\n]{0,40}\b(denied|declined|said no)\b/i.test(text))
  const failed =
    denied || error !== undefined || /^(failed|cancelled|error|unknown)$/i.test(status) || (!isRecord(value) && /^(error|failed)\b/i.test(text))
  return { ok: !failed, denied, text: failed ? said : text, value: value ?? text }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field of a result, wherever the server put it: the value itself, or under `value` or `result`. */
export function fieldOf(result: StepResult | undefined, name: string): unknown {
  const value = result?.value
  if (!isRecord(value)) return undefined
  for (const place of [value, value.value, value.result]) if (isRecord(place) && place[name] !== undefined) return place[name]
  return undefined
}
