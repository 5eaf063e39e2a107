import type { SessionEvent } from '#shared/runs/events.ts'
import type { Item } from '#shared/sessions/items.ts'
import { eventsOf } from './item-events.ts'

/** What is begun and not stored: text as far as it was sent, or a call that was announced. */
export type OpenItem = { event: Extract<SessionEvent, { type: 'text' | 'tool_call' }>; text: string }

/** What a reader has had: the events of all items up to `seq`, and of later ones as much of their text as is said here, by item. */
export type ReaderState = { seq: number; had: Map<string, number> }

/**
 * Gives a reader the events that it has not had: those of stored items, then those of what is begun. `reader` moves on with each of them.
 * @param itemsAfter stored items after a seq, oldest first, some at a time; none when there are no more
 */
export async function deriveEvents(
  reader: ReaderState,
  itemsAfter: (seq: number) => Promise<Item[]>,
  open: ReadonlyMap<string, OpenItem>,
  give: (event: SessionEvent) => void,
): Promise<void> {
  for (let page = await itemsAfter(reader.seq); page.length > 0; page = await itemsAfter(reader.seq)) {
    for (const item of page) giveStored(reader, item, give)
  }
  for (const [id, begun] of open) giveBegun(reader, id, begun, give)
}

function giveStored(reader: ReaderState, item: Item, give: (event: SessionEvent) => void): void {
  const events = eventsOf(item, reader.had.get(item.id))
  for (const [index, event] of events.entries()) {
    if (index === events.length - 1) finish(reader, item)
    else reader.had.set(item.id, 0)
    give(event)
  }
  finish(reader, item)
}

function finish(reader: ReaderState, { seq, id }: Item): void {
  reader.seq = seq
  reader.had.delete(id)
}

function giveBegun({ had }: ReaderState, id: string, { event, text }: OpenItem, give: (event: SessionEvent) => void): void {
  const before = had.get(id)
  had.set(id, text.length)
  if (event.type === 'text' && text.length > (before ?? 0)) give({ ...event, text: text.slice(before ?? 0) })
  if (event.type === 'tool_call' && before === undefined) give(event)
}
