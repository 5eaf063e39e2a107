import type { AgentId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { ToolCallItem, Item } from '#shared/sessions/items.ts'
import type { Named } from '#shared/sessions/mentions.ts'
import { quotedName } from '../../models/boundary/marks.ts'
import type { Speaker } from '../../models/boundary/marks.ts'
import type { ProviderDetails, ModelMessage } from '../../models/port.ts'
import { shortenText } from './shorten.ts'

/** Characters of one tool's result that the model reads; beyond it the middle is left out. */
const maxResultChars = 100_000

/** What stays together in a request: a message, or an answer with its calls and their results. */
export type Turn = ModelMessage[]

/** What a service sent with a call and wants back. */
export type DetailsOf = (call: ToolCallItem) => ProviderDetails | undefined
type Roles = ReadonlyMap<string, Role>

/** For whom a request is, and who speaks in it: the room's agents, and the roles of its people by their ids. */
export type Speakers = { self: AgentId; agents: readonly Named[]; roles: Roles }

/** Of other agents the messages are included, their tool calls are not. */
const isOf = (self: AgentId) => (item: Item) => !(item.type === 'tool_call' || item.type === 'question') || item.author.id === self

/**
 * The session as one agent's model is told of it, oldest first. Pure. What people and other agents say carries who they are; what other
 * agents do with tools is left out; every tool call has a result, a missing one gets one made up; what a crash cut off is left out,
 * because the call is made again.
 */
export function turnsOf(all: readonly Item[], room: Speakers, details?: DetailsOf): Turn[] {
  const items = all.filter(isOf(room.self))
  const groups: ModelMessage[][] = []
  let calls: ToolCallItem[] = []
  let said: (Item & { type: 'message' }) | undefined

  const outcomes = outcomesOf(items, room.roles)
  const close = () => {
    if (said || calls.length > 0) groups.push(agentGroup(said, calls, outcomes, details))
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
    } else if (item.type === 'message' && item.author.id === room.self) {
      closeAll()
      if (item.text.trim() === '' && !leadsToCall(items, index)) continue
      if (item.interrupted && isCrash(items, index)) continue
      said = item
    } else if (item.type === 'message') {
      if (item.text.trim() !== '') between.push([messageOfOther(item, room)])
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

/** The items of the same run that follow; items of others may stand between them. */
const restOfRun = (items: readonly Item[], index: number) => items.slice(index + 1, index + 60).filter(({ runId }) => runId === items[index]?.runId)

const leadsToCall = (items: readonly Item[], index: number) => restOfRun(items, index)[0]?.type === 'tool_call'

/** Whether a crash cut the message off: the recovery is noted right after it. */
const isCrash = (items: readonly Item[], index: number) => {
  for (const next of restOfRun(items, index)) {
    if (next.type === 'event' && (next.event === 'run_recovered' || next.event === 'model_retry')) return true
    if (next.type === 'message' && next.author.kind === 'agent') return false
    if (next.type === 'event' && next.event !== 'run_paused') return false
  }
  return false
}

/** People of the same name are told apart by the end of their ids. */
const speaker = ({ id, name }: { id: string; name: string }, roles: Roles): Speaker => {
  const role = roles.get(id)
  return { name, id: id.slice(-8), ...(role && { role }) }
}

function messageOfOther(item: Item & { type: 'message' }, { self, agents, roles }: Speakers): ModelMessage {
  const { author, agentId } = item
  const other = agentId !== undefined && agentId !== self ? (agents.find(({ id }) => id === agentId)?.name ?? agentId) : undefined
  // What another agent says to nobody in particular is for the room.
  const to = item.to === 'people' || (author.kind === 'agent' && agentId === undefined) ? 'people' : other
  return {
    role: 'user',
    by: author.kind === 'agent' ? { name: author.name, id: author.id, role: 'agent' } : speaker(author, roles),
    ...(to !== undefined && { to }),
    text: item.text,
    ...(item.attachments && { files: item.attachments }),
  }
}

function agentGroup(
  said: (Item & { type: 'message' }) | undefined,
  calls: readonly ToolCallItem[],
  outcomes: ReadonlyMap<string, Outcome>,
  detailsOf: DetailsOf = () => undefined,
): ModelMessage[] {
  const text = said ? said.text + (said.interrupted ? cutOff : '') : ''
  const toolCalls = calls.map((call) => {
    const details = detailsOf(call)
    return { id: idOf(call), name: call.name, args: argsOf(call.args), ...(details && { details }) }
  })
  return [
    { role: 'assistant', text, toolCalls, ...thoughtsOf(said) },
    ...calls.map((call): ModelMessage => ({ role: 'tool', callId: idOf(call), ...resultOf(call, outcomes), ...picturesOf(call) })),
  ]
}

/** What was thought goes back to the model that thought it, where it asks for that. */
const thoughtsOf = (said: (Item & { type: 'message' }) | undefined) =>
  said?.reasoning ? { thoughts: { text: said.reasoning, ...(said.model && { model: said.model }) } } : {}

const idOf = (call: ToolCallItem) => call.callId ?? `call_${call.stepId.slice(4).replaceAll('-', '')}`

/** Arguments that were no JSON object are shown as one, or the server would refuse the history. */
const argsOf = (args: unknown) => JSON.stringify(typeof args === 'object' && args !== null && !Array.isArray(args) ? args : { invalid: args ?? null })

/** What people made of a request beside letting it run as it was. */
type Outcome = { note: string; said?: { by: Speaker; text: string } }

/** By the approval's id. The reason of a denial is quoted as that person's words. */
function outcomesOf(items: readonly Item[], roles: Roles): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>()
  for (const item of items) {
    if (item.type !== 'approval') continue
    const { id, editedBy, reason, votes } = item.approval
    const denial = votes.find((vote) => vote.decision === 'deny')
    if (item.status === 'approved' && editedBy)
      outcomes.set(id, { note: `(${quotedName(editedBy.name)} changed the arguments before approving; these are the ones that ran.)` })
    if (item.status === 'denied' && denial && reason?.trim())
      outcomes.set(id, {
        note: 'denied: it was not run. Who denied it says:',
        said: { by: speaker({ id: denial.by, name: denial.name }, roles), text: reason.trim() },
      })
  }
  return outcomes
}

function resultOf(call: ToolCallItem, outcomes: ReadonlyMap<string, Outcome>): { text: string } & Partial<Outcome> {
  const outcome = call.approvalId === undefined ? undefined : outcomes.get(call.approvalId)
  // A denied call has no result of its own.
  const text = outcome?.said && call.status === 'denied' ? '' : endText(call)
  return { text, ...outcome }
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
