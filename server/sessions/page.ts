import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import type { Item, ItemPage } from '#shared/sessions/items.ts'
import type { Db } from '../db/port.ts'
import { itemsBetween, pageItems, seqOfItem } from './store.ts'
import { sessions } from './table.ts'

/** Which page: before or after a seq, or around an item; the last one when nothing is said. */
export type ItemPlace = { before?: number | undefined; after?: number | undefined; around?: ItemId | number | undefined }

/** @throws AppError `not_found` for an item that the session does not have */
export async function readPage(db: Db, id: SessionId, limit: number, { before, after, around }: ItemPlace): Promise<ItemPage> {
  const [row] = await db.select({ lastSeq: sessions.lastSeq }).from(sessions).where(eq(sessions.id, id))
  const lastSeq = row?.lastSeq ?? 0
  let items: Item[]
  if (after !== undefined) items = (await itemsBetween(db, id, after, lastSeq, limit)).reverse()
  else if (around === undefined) items = await pageItems(db, id, limit, before)
  else {
    const seq = typeof around === 'number' ? Math.min(around, lastSeq) : await seqOfItem(db, id, around)
    if (seq === undefined) throw new AppError('not_found', 'This item is not in this session.')
    // Whole pages also near both ends.
    const from = Math.max(0, Math.min(seq - 1 - Math.floor(limit / 2), lastSeq - limit))
    items = (await itemsBetween(db, id, from, lastSeq, limit)).reverse()
  }
  const oldest = items.at(-1)?.seq
  const newest = items[0]?.seq
  return {
    items,
    nextBefore: oldest !== undefined && oldest > 1 ? oldest : null,
    nextAfter: newest !== undefined && newest < lastSeq ? newest : null,
  }
}
