import type { Author, Item } from '#shared/sessions/items.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import { dayOf } from '../base/format.ts'

/** One line of the list that is drawn: an item, with what it shares with its neighbours, or a day. */
export type Row =
  | { kind: 'day'; key: string; at: number }
  | {
      kind: 'item'
      key: string
      item: Item
      live: LiveItem | undefined
      /** Whose it is stands above it: the first of an author's in a row. */
      head: boolean
      /** Tool calls that follow each other share one frame. */
      joinAbove: boolean
      joinBelow: boolean
    }

/** Who an item is shown under; events are nobody's. */
export function authorOf(item: Item): Author | undefined {
  if (item.type === 'event') return undefined
  if (item.type === 'approval') return { kind: 'agent', id: item.approval.requestedBy.agentId, name: item.approval.requestedBy.agentName }
  return item.author
}

/** After this silence an author is named again. */
const silenceMs = 10 * 60_000

/** Rows of finished items and those being streamed, oldest first. */
export function rowsOf(items: readonly Item[], live: readonly LiveItem[]): Row[] {
  const finished = new Set(items.map((item) => item.id))
  const all = [
    ...items.map((item) => ({ item, live: undefined })),
    ...live.filter((entry) => !finished.has(entry.item.id)).map((entry) => ({ item: entry.item, live: entry })),
  ]
  const rows: Row[] = []
  let before: Item | undefined
  for (const entry of all) {
    const { item } = entry
    const newDay = !before || dayOf(before.createdAt) !== dayOf(item.createdAt)
    if (newDay) rows.push({ kind: 'day', key: `day ${dayOf(item.createdAt)} ${item.id}`, at: item.createdAt })
    const head = newDay || !before || startsAnew(before, item)
    const joinAbove = !head && before?.type === 'tool_call' && item.type === 'tool_call'
    const last = rows.at(-1)
    if (joinAbove && last?.kind === 'item') last.joinBelow = true
    rows.push({ kind: 'item', key: item.id, item, live: entry.live, head, joinAbove, joinBelow: false })
    before = item
  }
  return rows
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

/** Whether rows were only added before what was there, so that the list must keep its place. */
export function grewAtTheTop(before: readonly Row[], after: readonly Row[]): boolean {
  const first = before.find((row) => row.kind === 'item')
  const last = before.at(-1)
  if (!first || !last || after.length <= before.length) return false
  return after.at(-1)?.key === last.key && after.find((row) => row.kind === 'item')?.key !== first.key
}
