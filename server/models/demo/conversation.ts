import { bridge } from '../valid-history/notes.ts'
import { takePictures, type SeenPicture } from './pictures.ts'
import { createSayings } from './sayings.ts'
import type { Saying } from './sayings.ts'
import type { WireRequest } from './wire.ts'

export type Said = { by: string | undefined; text: string; /** Pictures that came with it. */ pictures?: SeenPicture[] }

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
  const sayings = createSayings(request.messages)
  for (const message of request.messages) {
    if (message.role === 'user') {
      for (const saying of sayings.of(message.content ?? '')) {
        const { aside, ...said } = { aside: saying.aside, ...readSaid(saying) }
        if (said.by && !people.includes(said.by)) people.push(said.by)
        if (aside) continue
        if (current && acting) {
          current.steering.push(said)
          current.interjected.push(said)
        } else {
          current = { ...said, steering: [], steps: [], interjected: [] }
          tasks.push(current)
        }
      }
    }
    if (message.role === 'assistant' && message.content !== bridge) {
      const calls = message.tool_calls ?? []
      acting = calls.length > 0
      if (current) current.interjected = []
      for (const call of calls) {
        const step: Step = { tool: call.function.name, args: readArgs(call.function.arguments), result: undefined }
        // What nobody decided in time may have been asked for again by people.
        const before = current?.steps.findIndex(
          ({ tool, args, result }) => result?.denied === true && tool === step.tool && JSON.stringify(args) === JSON.stringify(step.args),
        )
        if (before !== undefined && before >= 0) current?.steps.splice(before, 1)
        current?.steps.push(step)
        waiting.set(call.id, step)
        nextCall = Math.max(nextCall, Number(/^demo(\d{5})$/.exec(call.id)?.[1] ?? 0) + 1)
      }
    }
    if (message.role === 'tool') {
      const step = waiting.get(message.tool_call_id ?? '')
      if (step) step.result = readResult(sayings.result(message.content ?? ''))
    }
  }
  const task = current ?? { by: undefined, text: '', steering: [], steps: [], interjected: [] }
  return { tasks, task, tools: new Set((request.tools ?? []).map((tool) => tool.function.name)), people, nextCall }
}

/** `hello @agent`, `@scout hello` → Ada said "hello", with the pictures that stand among her words. */
function readSaid({ by, text: told }: Saying): Said {
  const { text: words, pictures } = takePictures(told)
  const text = words
    .replace(/^@[a-z][a-z0-9-]*[,:]?\s+/, '')
    .replace(/(^|\s)@(agent|builder)\b[,:]?/gi, '$1')
    .trim()
  return { by: by || undefined, text, ...(pictures.length > 0 && { pictures }) }
}

function readArgs(text: string): Record<string, unknown> {
  const value = readJson(text)
  return isRecord(value) ? value : {}
}

/** A result may be JSON or plain words, a failure one that begins with its code: "no_match: …". */
function readResult(text: string): StepResult {
  const value = readJson(text)
  const record = isRecord(value) ? value : {}
  const error = isRecord(record.error) ? record.error : {}
  const [, code = '', said = ''] = /^([a-z]+(?:_[a-z]+)*): ([\s\S]*)$/.exec(text) ?? []
  const codes = [code, error.code, record.status].map((field) => textOf(field))
  const denied = codes.some((field) => field === 'denied' || field === 'expired')
  const failed =
    denied || code !== '' || record.error !== undefined || /^no result\b/.test(text) || /^(failed|cancelled)$/.test(textOf(record.status))
  const reason = textOf(error.message) || textOf(record.error) || said || text
  return { ok: !failed, denied, text: failed ? reason : text, value: value ?? text }
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

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
