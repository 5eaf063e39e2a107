import { cutAfter, cutBefore } from '#shared/base/cut.ts'
import type { ToolCallItem, Item } from '#shared/sessions/items.ts'
import { isNamedPicture } from '../models/picture-type.ts'
import type { KeptDetails, ModelMessage } from '../models/port.ts'
import { tokensOfPicture } from './attached-pictures.ts'

/** Characters of one tool's result that the model reads; beyond it the middle is left out. */
const maxResultChars = 100_000

export type BuiltContext = {
  messages: ModelMessage[]
  /** How many of the older messages did not fit. */
  trimmed: number
  tokens: number
}

/**
 * What the model is told, from the session's items. Pure. What people say carries their name; every tool call has a
 * result, a missing one gets one made up; what a crash cut off is left out, because the call is made again. When it is too long,
 * the oldest goes first, calls together with their results; the system text and the newest message always stay.
 * @param extra messages that are not items, placed after the system text
 * @param details what a service sent with a call and wants back
 * @param sendsThoughts whether the model is sent what was thought, which then has its weight
 * @param count tokens of a text; an estimate will do
 */
export function buildContext(input: {
  system: string
  items: readonly Item[]
  extra?: readonly ModelMessage[]
  details?: DetailsOf
  sendsThoughts?: boolean
  maxTokens: number
  count(text: string): number
}): BuiltContext {
  const { system, items, extra = [], details, sendsThoughts = false, maxTokens, count } = input
  const groups = groupItems(items, details)
  const fixed: ModelMessage[] = [{ role: 'system', text: system }, ...extra]
  const weigh = (messages: readonly ModelMessage[]) => messages.reduce((sum, message) => sum + weight(message, count, sendsThoughts), 0)
  let tokens = weigh(fixed)
  const kept: ModelMessage[][] = []
  let at = groups.length - 1
  for (; at >= 0; at--) {
    const group = groups[at]
    if (!group) continue
    const cost = weigh(group)
    if (kept.length > 0 && tokens + cost > maxTokens) break
    if (kept.length === 0 && tokens + cost > maxTokens) {
      const cut = shorten(group, Math.max(1000, (maxTokens - tokens) * 2))
      kept.push(cut)
      tokens += weigh(cut)
      continue
    }
    kept.push(group)
    tokens += cost
  }
  return { messages: [...fixed, ...kept.reverse().flat()], trimmed: at + 1, tokens }
}

type DetailsOf = (call: ToolCallItem) => KeptDetails | undefined

/** Messages that must stay together, oldest first. */
function groupItems(items: readonly Item[], details?: DetailsOf): ModelMessage[][] {
  const groups: ModelMessage[][] = []
  let calls: ToolCallItem[] = []
  let said: (Item & { type: 'message' }) | undefined

  const editors = editorsOf(items)
  const close = () => {
    if (said || calls.length > 0) groups.push(agentGroup(said, calls, editors, details))
    said = undefined
    calls = []
  }
  // What people say while tools run comes after the results, wherever it stands among the items.
  let between: ModelMessage[][] = []
  const closeAll = () => {
    close()
    groups.push(...between)
    between = []
  }
  const sameTurn = (call: ToolCallItem) => {
    const last = calls.at(-1)
    if (last) return last.runId === call.runId && last.turn === call.turn
    return said?.runId === call.runId && said?.interrupted !== true
  }

  for (const [index, item] of items.entries()) {
    if (item.type === 'tool_call') {
      if (!sameTurn(item)) closeAll()
      calls.push(item)
    } else if (item.type === 'message' && item.author.kind === 'agent') {
      closeAll()
      if (item.text.trim() === '' && !leadsToCall(items, index)) continue
      if (item.interrupted && isCrash(items, index)) continue
      said = item
    } else if (item.type === 'message') {
      between.push([personMessage(item)])
      if (calls.length === 0) closeAll()
    } else if (item.type === 'question' && item.status === 'answered') {
      // The answers are the result of the call that asked.
      continue
    }
  }
  closeAll()
  // Services want to be asked by a person, or told a result: an answer that was cut off is no question.
  if (isCutOff(groups.at(-1))) groups.push([{ role: 'user', text: goOn }])
  return groups
}

const goOn = '(Your answer was cut off here. Go on from where it ended; do not begin again.)'
const cutOff = '\n[interrupted here]'
const isCutOff = (group: readonly ModelMessage[] | undefined) => group?.at(-1)?.role === 'assistant' && group.at(-1)?.text.endsWith(cutOff)

const leadsToCall = (items: readonly Item[], index: number) => {
  const next = items[index + 1]
  return next?.type === 'tool_call' && next.runId === items[index]?.runId
}

/** Whether a crash cut the message off: the recovery is noted right after it. */
const isCrash = (items: readonly Item[], index: number) => {
  for (const next of items.slice(index + 1, index + 20)) {
    if (next.type === 'event' && next.event === 'run_recovered') return next.runId === items[index]?.runId
    if (next.type === 'event' && next.event === 'model_retry') return next.runId === items[index]?.runId
    if (next.type === 'message' && next.author.kind === 'agent') return false
    if (next.type === 'event' && next.event !== 'run_paused') return false
  }
  return false
}

function personMessage(item: Item & { type: 'message' }): ModelMessage {
  const name = item.to === 'people' ? `${item.author.name} (to the people here)` : item.author.name
  return { role: 'user', name, text: item.text, ...(item.attachments && { files: item.attachments }) }
}

function agentGroup(
  said: (Item & { type: 'message' }) | undefined,
  calls: readonly ToolCallItem[],
  editors: ReadonlyMap<string, string>,
  detailsOf: DetailsOf = () => undefined,
): ModelMessage[] {
  const text = said ? said.text + (said.interrupted ? cutOff : '') : ''
  const toolCalls = calls.map((call) => {
    const details = detailsOf(call)
    return { id: idOf(call), name: call.name, args: argsOf(call.args), ...(details && { details }) }
  })
  return [
    { role: 'assistant', text, toolCalls, ...thoughtsOf(said) },
    ...calls.map((call): ModelMessage => ({ role: 'tool', callId: idOf(call), text: resultText(call, editors), ...picturesOf(call) })),
  ]
}

/** What was thought goes back to the model that thought it, where it asks for that. */
const thoughtsOf = (said: (Item & { type: 'message' }) | undefined) =>
  said?.reasoning ? { thoughts: { text: said.reasoning, ...(said.model && { model: said.model }) } } : {}

const idOf = (call: ToolCallItem) => call.callId ?? `call_${call.stepId.slice(4).replaceAll('-', '')}`

/** Arguments that were no JSON object are shown as one, or the server would refuse the history. */
const argsOf = (args: unknown) => JSON.stringify(typeof args === 'object' && args !== null && !Array.isArray(args) ? args : { invalid: args ?? null })

/** Who changed the arguments of an approved call, by its approval's id. */
function editorsOf(items: readonly Item[]): Map<string, string> {
  const editors = new Map<string, string>()
  for (const item of items) {
    if (item.type === 'approval' && item.status === 'approved' && item.approval.editedBy) editors.set(item.approval.id, item.approval.editedBy.name)
  }
  return editors
}

function resultText(call: ToolCallItem, editors: ReadonlyMap<string, string>): string {
  const editor = call.approvalId && editors.get(call.approvalId)
  const note = editor ? `(${editor} changed the arguments before approving; these are the ones that ran.)\n` : ''
  return note + endText(call)
}

function endText(call: ToolCallItem): string {
  const body = call.result === undefined ? (call.output ?? '') : typeof call.result === 'string' ? call.result : JSON.stringify(call.result)
  if (call.error) return shortenText([`${call.error.code}: ${call.error.message}`, body].filter((part) => part !== '').join('\n'), maxResultChars)
  if (call.finishedAt === null) return 'no result: the call did not end'
  return shortenText(body === '' ? 'done' : body, maxResultChars)
}

/** What a call looked like when it ended, by the artifact that holds it. */
const picturesOf = (call: ToolCallItem) =>
  call.name === 'computer' && call.artifactId ? { pictures: [{ artifactId: call.artifactId, mime: 'image/png' }] } : {}

const weight = (message: ModelMessage, count: (text: string) => number, sendsThoughts: boolean): number => {
  const calls = message.role === 'assistant' ? message.toolCalls.reduce((sum, call) => sum + count(call.name) + count(call.args) + 8, 0) : 0
  const pictures = message.role === 'user' ? (message.files ?? []).filter(isNamedPicture).length * tokensOfPicture : 0
  const thoughts = sendsThoughts && message.role === 'assistant' && message.thoughts ? count(message.thoughts.text) : 0
  return count(message.text) + calls + pictures + thoughts + 4
}

function shorten(group: readonly ModelMessage[], chars: number): ModelMessage[] {
  const each = Math.max(200, Math.floor(chars / group.length))
  return group.map((message) => ({ ...message, text: shortenText(message.text, each) }))
}

function shortenText(text: string, chars: number): string {
  if (text.length <= chars) return text
  const half = Math.floor(chars / 2)
  return `${cutAfter(text, half)}\n[… ${text.length - 2 * half} characters left out …]\n${cutBefore(text, half)}`
}
