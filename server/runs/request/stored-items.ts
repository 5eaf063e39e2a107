import type { Item } from '#shared/sessions/items.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Db } from '../../db/port.ts'
import { itemsBetween, pageItems } from '../../sessions/store.ts'

const page = 500
/** Items beyond this are not read for a context, however small they are. */
const maxItems = 5000

/** The session's newest items, read once and then only what is new. */
export function readStoredItems(db: Db, sessionId: SessionId, window: number) {
  let items: Item[] | undefined

  return async function read(): Promise<Item[]> {
    if (!items) {
      items = (await pageItems(db, sessionId, page)).reverse()
      // Four characters a token at most fill the window; older ones would be trimmed anyway.
      let chars = JSON.stringify(items).length
      while (items.length < maxItems && chars < window * 4 && (items[0]?.seq ?? 1) > 1) {
        const older = (await pageItems(db, sessionId, page, items[0]?.seq)).reverse()
        if (older.length === 0) break
        chars += JSON.stringify(older).length
        items = [...older, ...items]
      }
      return items
    }
    for (;;) {
      const fresh = await itemsBetween(db, sessionId, items.at(-1)?.seq ?? 0, Number.MAX_SAFE_INTEGER, page)
      items.push(...fresh)
      if (fresh.length < page) return items
    }
  }
}

export type StoredItems = ReturnType<typeof readStoredItems>
