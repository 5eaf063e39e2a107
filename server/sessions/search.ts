import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { SessionId } from '#shared/base/ids.ts'
import type { Item, ItemMatches } from '#shared/sessions/items.ts'
import { excerptOf, holdsText } from '#shared/sessions/search-text.ts'
import type { Database } from '../db/port.ts'

/** Items that one call looks at, so that a long session never holds the database for long. */
const scanned = 20_000
const chunk = 1000

/**
 * Items that hold a text, newest first, from before a seq on. It looks through a bounded stretch: `nextBefore` says where
 * the next call goes on, also when this one found nothing.
 */
export async function searchItems(database: Database, sessionId: SessionId, query: string, limit: number, before?: number): Promise<ItemMatches> {
  const [row] = await database.rows<{ top: string | number | null }>(sql`select max(seq) as top from items where session_id = ${sessionId}`)
  const from = Math.min(before ?? Number.MAX_SAFE_INTEGER, Number(row?.top ?? 0) + 1)
  const to = Math.max(1, from - scanned)
  const held = mayHold(query)
  const matches: ItemMatches['matches'] = []
  let at = from
  while (matches.length < limit) {
    const rows = await database.rows<{ data: Item }>(sql`
      select data from items where session_id = ${sessionId} and seq < ${at} and seq >= ${to} and ${held} order by seq desc limit ${chunk}`)
    for (const { data } of rows) {
      at = data.seq
      if (matches.length < limit && holdsText(data, query)) matches.push({ id: data.id, seq: data.seq, excerpt: excerptOf(data, query) })
    }
    if (rows.length < chunk) {
      at = to
      break
    }
  }
  const last = matches.length >= limit ? (matches.at(-1)?.seq ?? at) : at
  return { matches, nextBefore: last > 1 ? last : null }
}

/**
 * A condition on `data` of an item: what is compared in the database is more than is meant (names of fields of a call) and
 * never less; `holdsText` decides.
 */
export function mayHold(query: string): SQL {
  const lower = (text: SQL) => sql`lower((${text}) collate "C")`
  const anyOf = (text: SQL, needles: string[]) =>
    sql.join(
      needles.map((needle) => sql`position(${needle} in ${lower(text)}) > 0`),
      sql` or `,
    )
  return sql`case when data->>'type' = 'message' then ${anyOf(sql`data->>'text'`, spellings(query))}
    else ${anyOf(sql`data::text`, spellings(JSON.stringify(query).slice(1, -1)))} end`
}

/** A database that lowers ASCII alone leaves É as it is, so both are looked for. */
function spellings(query: string): string[] {
  const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const first = query.slice(0, 1).toUpperCase() + query.slice(1)
  return [...new Set([query.toLowerCase(), ascii(query), ascii(query.toUpperCase()), ascii(first)])]
}
