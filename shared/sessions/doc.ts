import * as Y from 'yjs'
import { ApprovalState } from '../approvals/schema.ts'
import type { ItemId } from '../base/ids.ts'
import { memoParse } from '../base/memo-parse.ts'
import { finalRunStatuses, RunState } from '../runs/schema.ts'
import { Item, QuestionItem } from './items.ts'
import { QueuedMessage } from './schema.ts'

/*
 * `session/<id>`, written by the server alone.
 *   items   Y.Array of Item JSON, finished, in order of seq; a window of the most recent ones
 *   states  Y.Map: run id → RunState · approval item's id → ApprovalState · question item's id → QuestionState
 *   live    Y.Map: item id → Y.Map { item: Item JSON without its text, text: Y.Text, reasoning?: Y.Text, args?: Y.Text }
 *           text is the message's text, or the output of a tool call; it is only ever appended to
 *   queue   Y.Array of QueuedMessage JSON
 *   meta    'run' → id of the run that was begun last · 'firstSeq' → smallest seq held
 */
export const sessionLimits = { items: 300, states: 600, queue: 50 } as const

export const QuestionState = QuestionItem.pick({ status: true, answers: true, answeredBy: true })

export const sessionItems = (doc: Y.Doc) => doc.getArray<unknown>('items')
export const sessionStates = (doc: Y.Doc) => doc.getMap<unknown>('states')
export const sessionLive = (doc: Y.Doc) => doc.getMap<Y.Map<unknown>>('live')
export const sessionQueue = (doc: Y.Doc) => doc.getArray<unknown>('queue')
export const sessionMeta = (doc: Y.Doc) => doc.getMap<unknown>('meta')

const parseItem = memoParse(Item)
const parseRun = memoParse(RunState)
const parseApprovalState = memoParse(ApprovalState)
const parseQuestionState = memoParse(QuestionState)
const parseQueued = memoParse(QueuedMessage)

/** Finished items of the window, oldest first; a malformed one is left out. */
export const readItems = (doc: Y.Doc): Item[] =>
  sessionItems(doc)
    .toArray()
    .map(parseItem)
    .filter((item) => item !== undefined)

export const readQueue = (doc: Y.Doc): QueuedMessage[] =>
  sessionQueue(doc)
    .toArray()
    .map(parseQueued)
    .filter((message) => message !== undefined)

/** The run that was begun last. */
export function readLastRun(doc: Y.Doc): RunState | undefined {
  const id = sessionMeta(doc).get('run')
  return typeof id === 'string' ? parseRun(sessionStates(doc).get(id)) : undefined
}

/** Runs that have not ended, in the order in which they began. */
export function readActiveRuns(doc: Y.Doc): RunState[] {
  const found: RunState[] = []
  for (const [id, state] of sessionStates(doc).entries()) {
    const run = id.startsWith('run_') ? parseRun(state) : undefined
    if (run && !finalRunStatuses.includes(run.status)) found.push(run)
  }
  return found.sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
}

/** Runs that go on, and the one that was begun last where that has ended. */
export function readShownRuns(doc: Y.Doc): RunState[] {
  const [active, last] = [readActiveRuns(doc), readLastRun(doc)]
  return last && finalRunStatuses.includes(last.status) ? [...active, last] : active
}

export const readApprovalState = (doc: Y.Doc, id: ItemId) => parseApprovalState(sessionStates(doc).get(id))
export const readQuestionState = (doc: Y.Doc, id: ItemId) => parseQuestionState(sessionStates(doc).get(id))

/** One item being streamed: its JSON, and the shared texts that grow. */
export type LiveItem = { item: Item; text: Y.Text; reasoning?: Y.Text; args?: Y.Text }

/** In the order in which they began. */
export function readLive(doc: Y.Doc): LiveItem[] {
  const found: LiveItem[] = []
  for (const entry of sessionLive(doc).values()) {
    const item = parseItem(entry.get('item'))
    const text = entry.get('text')
    if (!item || !(text instanceof Y.Text)) continue
    const reasoning = entry.get('reasoning')
    const args = entry.get('args')
    found.push({
      item,
      text,
      ...(reasoning instanceof Y.Text && { reasoning }),
      ...(args instanceof Y.Text && { args }),
    })
  }
  return found.sort((a, b) => a.item.createdAt - b.item.createdAt || (a.item.id < b.item.id ? -1 : 1))
}
