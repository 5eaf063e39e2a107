import type { ApprovalId, ItemId, RunId } from '#shared/base/ids.ts'
import type { ApprovalItem, Author, Item, ToolCallItem } from '#shared/sessions/items.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ApprovalStatus } from '#shared/approvals/schema.ts'
import { dayOf } from '../i18n/format.ts'
import { endsRun } from './makers.ts'

type Joined = {
  /** Whose it is stands above it: the first of an author's in a row. */
  head: boolean
  /** Tool calls that follow each other share one frame. */
  joinAbove: boolean
  joinBelow: boolean
  /** It holds the last picture of the desktop in its run. */
  screen?: true
}
/** `approvals`: the requests that are shown as the calls they were for. `asks`: the call waits for people, and its row is the request. */
export type ItemRow = {
  kind: 'item'
  key: string
  item: Item
  live: LiveItem | undefined
  approvals: readonly ApprovalItem[]
  asks?: boolean
} & Joined
/** Calls that went well, folded into one line. */
export type GroupRow = { kind: 'group'; key: string; items: readonly ToolCallItem[]; approvals: readonly ApprovalItem[] } & Joined
/** What a run made, before the line that says how it ended; of no item of its own. */
export type MadeRow = { kind: 'made'; key: string; runId: RunId; agent: string; calls: readonly ToolCallItem[] }
/** One line of the list that is drawn: an item or several, a day, what a run made, or the place where somebody stopped reading. */
export type Row = { kind: 'day'; key: string; at: number } | { kind: 'new'; key: string } | MadeRow | ItemRow | GroupRow

export type RowOptions = {
  /** Whether a run is still going on: what it changed stays in view until it ends. */
  isActive?(runId: string | undefined): boolean
  /** The last item that was read, by seq; what comes after it is marked as new. */
  readUpTo?: number | undefined
  /** The calls of a run that left something to look at. */
  makers?(runId: RunId): readonly ToolCallItem[] | undefined
  /** What became of a request since its item was made; undefined where that is not known. */
  approvalStatus?(id: ItemId): ApprovalStatus | undefined
}

/** Who an item is shown under; events are nobody's. */
export function authorOf(item: Item): Author | undefined {
  if (item.type === 'event') return undefined
  if (item.type === 'approval') return { kind: 'agent', id: item.approval.requestedBy.agentId, name: item.approval.requestedBy.agentName }
  return item.author
}

/** The item a row begins with; a day and the mark of what is new have none. */
export const firstItem = (row: Row): Item | undefined => (row.kind === 'item' ? row.item : row.kind === 'group' ? row.items[0] : undefined)

/** Every item that a row stands for: its own first, then the requests that are shown as it. One that holds for a run stands with its own call. */
export function itemsOf(row: ItemRow | GroupRow): readonly Item[] {
  const items: readonly Item[] = row.kind === 'group' ? row.items : [row.item]
  const own = row.approvals.filter((one) => items.some((item) => item.type === 'tool_call' && isOwn(one, item)))
  return [...items, ...own]
}

/** Whether a request was made for this very call; one that was approved for a run allows others, too. */
export const isOwn = (request: ApprovalItem, call: ToolCallItem) => request.approval.stepId === call.stepId

/** The request that a call waits for, or that allowed it. */
export const approvalOf = (call: ToolCallItem, approvals: readonly ApprovalItem[]) => approvals.find((one) => one.approval.id === call.approvalId)

/** After this silence an author is named again. */
const silenceMs = 10 * 60_000

/** Rows of finished items and those being streamed, oldest first. */
export function rowsOf(items: readonly Item[], live: readonly LiveItem[], options: RowOptions = {}): Row[] {
  const finished = new Set(items.map((item) => item.id))
  const all = [
    ...items.map((item) => ({ item, live: undefined })),
    ...live.filter((entry) => !finished.has(entry.item.id)).map((entry) => ({ item: entry.item, live: entry })),
  ]
  const screens = lastScreens(items)
  const requests = requestsOf(all.map((entry) => entry.item))
  const rows: Row[] = []
  let before: Item | undefined
  let marked = options.readUpTo === undefined
  for (const entry of all) {
    const { item } = entry
    if (item.type === 'approval' && requests.has(item.approval.id)) continue
    const approval = item.type === 'tool_call' && item.approvalId ? requests.get(item.approvalId) : undefined
    const approvals = approval ? [approval] : none
    const asks = approval !== undefined && item.type === 'tool_call' && isOwn(approval, item) && statusOf(approval, options) === 'pending'
    const isNew = !marked && options.readUpTo !== undefined && item.seq > options.readUpTo && before !== undefined
    if (item.seq > (options.readUpTo ?? 0)) marked = true
    const newDay = !before || dayOf(before.createdAt) !== dayOf(item.createdAt)
    if (newDay) rows.push({ kind: 'day', key: `day ${dayOf(item.createdAt)} ${item.id}`, at: item.createdAt })
    if (isNew) rows.push({ kind: 'new', key: 'new' })
    const calls = endsRun(item) ? options.makers?.(item.runId) : undefined
    if (calls?.[0] && item.runId) rows.push({ kind: 'made', key: `made ${item.runId}`, runId: item.runId, agent: calls[0].author.name, calls })
    const head = newDay || isNew || !before || startsAnew(before, item)
    const last = rows.at(-1)
    const joinAbove = !head && before?.type === 'tool_call' && item.type === 'tool_call' && !asks && !(last?.kind === 'item' && last.asks)
    if (joinAbove && (last?.kind === 'item' || last?.kind === 'group')) {
      const folded = fold(last, item, approvals, options)
      if (folded) {
        rows[rows.length - 1] = folded
        before = item
        continue
      }
      last.joinBelow = true
    }
    rows.push({ kind: 'item', key: item.id, item, live: entry.live, approvals, ...(asks && { asks }), head, joinAbove, joinBelow: false })
    before = item
  }
  return rows.map((row) => (holdsOne(row, screens) ? { ...row, screen: true } : row))
}

const none: readonly ApprovalItem[] = []

/** The last call of each run that left a picture of the desktop. */
function lastScreens(items: readonly Item[]): ReadonlySet<ItemId> {
  const found = new Map<RunId | undefined, ItemId>()
  for (const item of items) if (item.type === 'tool_call' && item.presentation?.stays === 'last' && item.artifactId) found.set(item.runId, item.id)
  return new Set(found.values())
}

const holdsOne = (row: Row, ids: ReadonlySet<ItemId>): row is ItemRow | GroupRow =>
  row.kind === 'item' ? ids.has(row.item.id) : row.kind === 'group' && row.items.some(({ id }) => ids.has(id))

/** The requests, by id, where the call that each was for is there to stand for it: people decide about a step where it stands. */
function requestsOf(items: readonly Item[]): ReadonlyMap<ApprovalId, ApprovalItem> {
  const found = new Map<ApprovalId, ApprovalItem>()
  const called = new Set(items.map((item) => (item.type === 'tool_call' ? item.approvalId : undefined)))
  for (const item of items) if (item.type === 'approval' && called.has(item.approval.id)) found.set(item.approval.id, item)
  return found
}

const statusOf = (request: ApprovalItem, { approvalStatus }: RowOptions) => approvalStatus?.(request.id) ?? request.status

/** A call that went well joins those before it; one that failed, or waits, or whose request stands open, stands for itself. */
function fold(last: ItemRow | GroupRow, item: Item, approvals: readonly ApprovalItem[], options: RowOptions): GroupRow | undefined {
  if (item.type !== 'tool_call' || !isQuiet(item, options)) return undefined
  const calls = last.kind === 'group' ? last.items : last.item.type === 'tool_call' ? [last.item] : []
  const [first] = calls
  if (!first || first.runId !== item.runId || !calls.every((call) => isQuiet(call, options))) return undefined
  const { head, joinAbove } = last
  const all = { items: [...calls, item], approvals: [...last.approvals, ...approvals] }
  return { kind: 'group', key: `group ${first.id}`, ...all, head, joinAbove, joinBelow: false }
}

function isQuiet(call: ToolCallItem, { isActive }: RowOptions): boolean {
  const kind = call.presentation?.kind
  // What is said to people is not a step of the work.
  if (call.status !== 'ok' || kind === 'suggestion' || kind === 'notice' || exitCodeOf(call.result)) return false
  return !((kind === 'diff' || call.approvalId) && isActive?.(call.runId))
}

/** What a command ended with; undefined for anything else. */
export function exitCodeOf(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('exitCode' in result)) return undefined
  return typeof result.exitCode === 'number' ? result.exitCode : undefined
}

function startsAnew(before: Item, item: Item): boolean {
  const author = authorOf(item)
  const last = authorOf(before)
  if (!author || !last) return author !== undefined
  if (author.kind !== last.kind || author.id !== last.id) return true
  // What a badge says holds for the message it stands above.
  if (before.type === 'message' && item.type === 'message' && before.to !== item.to) return true
  if (author.kind === 'user')
    return item.createdAt - before.createdAt > 60_000 || ('mode' in item && item.mode !== undefined && item.mode !== 'queue')
  return item.createdAt - before.createdAt > silenceMs
}

/** How long a call ran, or undefined when it did not run. A call that waited for people took their time, not its own. */
export function tookOf(item: ToolCallItem, now: number): number | undefined {
  if (item.presentation?.asksPeople) return undefined
  if (item.startedAt !== undefined) return Math.max(0, (item.finishedAt ?? now) - item.startedAt)
  if (item.status === 'queued' || item.status === 'waiting' || item.status === 'denied' || item.approvalId) return undefined
  return Math.max(0, (item.finishedAt ?? now) - item.createdAt)
}
