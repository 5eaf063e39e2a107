import type { ClientAuthor, WrittenTime } from '#shared/files/state.ts'
import type { Database } from '../db/port.ts'
import { inspectUpdate } from './inspect-update.ts'
import { readAllRows } from './load.ts'
import { fromRows } from './row-codec.ts'

/** Edits of one client id that came within this of one another have one time, in ms. */
const together = 10_000
/** What a client id wrote first is no older than the id: beyond this it was brought along from another document. */
const slack = 10_000
/** Of a document; the newest. */
const most = 5_000

/** When each client id wrote what, as far back as the log goes. What a moved file brought along has no time. */
export async function writtenTimes(database: Database, document: string, authors: readonly ClientAuthor[]): Promise<WrittenTime[]> {
  const since = new Map(authors.filter(({ clocks }) => !clocks).map(({ client, at }) => [client, at]))
  const newest = new Map<number, WrittenTime>()
  const times: WrittenTime[] = []
  let parts: Uint8Array[] = []
  for (const { at, data } of await readAllRows(database, document, 0)) {
    parts.push(data)
    const updates = fromRows(parts)
    // Some rows of a large update are still to come.
    if (updates.length === 0) continue
    parts = []
    for (const update of updates) {
      const first = new Map<number, number>()
      inspectUpdate(update, undefined, (client, clock) => first.set(client, Math.min(first.get(client) ?? clock, clock)))
      for (const [client, from] of first) {
        const began = since.get(client)
        if (from === 0 && (began === undefined || at - began > slack)) continue
        const last = newest.get(client)
        if (last && at - last.at < together) continue
        const made = { client, from, at }
        newest.set(client, made)
        times.push(made)
      }
    }
  }
  return times.slice(-most)
}
