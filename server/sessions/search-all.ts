import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import { SessionId } from '#shared/base/ids.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Author, Item } from '#shared/sessions/items.ts'
import { hitsPerSession } from '#shared/sessions/search-hit.ts'
import type { SearchHit, SearchPage } from '#shared/sessions/search-hit.ts'
import { excerptOf, holdsText, marksIn } from '#shared/sessions/search-text.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { mayHold } from './search.ts'

export type SearchIn = { projectId?: ProjectId | undefined; limit: number; cursor?: string | undefined }

/**
 * No index finds any part of any word in any script, so items are looked through, newest sessions first, in stretches. One
 * call ends after so long, or after so many items, and `nextCursor` goes on: what it costs is in the test beside this.
 */
export const searchBounds = { ms: 1_500, items: 100_000, stretch: 4_000, sessions: 200 } as const

type Row = {
  id: SessionId
  project_id: ProjectId
  project: string
  title: string
  updated_at: number | string
  top: number | string
  archived: boolean
}
/** Items of one session, `from <= seq < to`. */
type Stretch = { row: Row; from: number; to: number }
/** Where to go on: below this seq of this session, of which so many hits were given. */
const Place = z.tuple([z.number().int(), SessionId, z.number().int().min(1), z.number().int().min(0)])
type Place = z.infer<typeof Place>

/** Hits in the sessions of the projects that a person is a member of now. @throws AppError `invalid_input` for a cursor that is none */
export async function searchSessions(database: Database, clock: Clock, by: UserId, query: string, where: SearchIn): Promise<SearchPage> {
  const ends = clock.now() + searchBounds.ms
  let place = where.cursor === undefined ? undefined : readPlace(where.cursor)
  const items: SearchHit[] = []
  const given = new Map<SessionId, number>(place && [[place[1], place[3]]])
  let looked = 0
  for (;;) {
    const rows = await sessionsFrom(database, by, where.projectId, place)
    for (const planned of batchesOf(rows, place)) {
      const batch = planned.filter(({ row }) => (given.get(row.id) ?? 0) < hitsPerSession)
      for (const { stretch, hits } of await hitsIn(database, batch, query)) {
        const { id, updated_at } = stretch.row
        for (const hit of hits) {
          const count = (given.get(id) ?? 0) + 1
          if (count > hitsPerSession) break
          items.push(hit)
          given.set(id, count)
          if (items.length >= where.limit)
            return { items, nextCursor: write([Number(updated_at), id, count < hitsPerSession ? hit.item.seq : 1, count]) }
        }
        place = [Number(updated_at), id, Math.max(1, stretch.from), given.get(id) ?? 0]
        looked += stretch.to - stretch.from
      }
      if (place && (looked >= searchBounds.items || clock.now() >= ends)) return { items, nextCursor: write(place) }
    }
    const last = rows.at(-1)
    if (!last || rows.length < searchBounds.sessions) return { items, nextCursor: null }
    place = [Number(last.updated_at), last.id, 1, hitsPerSession]
  }
}

/** Sessions one may read from a place on, the ones that changed last first. A place at the end of a session still names it. */
const sessionsFrom = (database: Database, by: UserId, projectId: ProjectId | undefined, place: Place | undefined) =>
  database.rows<Row>(sql`
    select s.id, s.project_id, p.name as project, s.title, s.updated_at, s.last_seq as top, s.archived_at is not null as archived
    from sessions s join projects p on p.id = s.project_id join members m on m.project_id = s.project_id and m.user_id = ${by}
    where ${projectId === undefined ? sql`true` : sql`s.project_id = ${projectId}`}
      and ${place === undefined ? sql`true` : sql`(s.updated_at, s.id) <= (${place[0]}::bigint, ${place[1]})`}
    order by s.updated_at desc, s.id desc limit ${searchBounds.sessions}`)

/** The sessions' items in stretches, newest first; of one session at most one in a batch, which holds no more than a stretch. */
function batchesOf(rows: readonly Row[], place: Place | undefined): Stretch[][] {
  const batches: Stretch[][] = []
  let room = 0
  for (const row of rows) {
    const top = Number(row.top) + 1
    let to = row.id === place?.[1] ? Math.min(top, place[2]) : top
    while (to > 1) {
      const from = Math.max(1, to - searchBounds.stretch)
      const last = batches.at(-1)
      if (last && room >= to - from) last.push({ row, from, to })
      else {
        batches.push([{ row, from, to }])
        room = searchBounds.stretch
      }
      room -= to - from
      to = from
    }
  }
  return batches
}

/** What may hold the text of one stretch: more than one session gives, as some of it only seems to. */
const candidates = hitsPerSession * 4

async function hitsIn(database: Database, batch: readonly Stretch[], query: string): Promise<{ stretch: Stretch; hits: SearchHit[] }[]> {
  if (batch.length === 0) return []
  const values = sql.join(
    batch.map(({ row, from, to }) => sql`(${row.id}, ${from}::bigint, ${to}::bigint)`),
    sql`, `,
  )
  const rows = await database.rows<{ id: SessionId; data: Item }>(sql`
    select v.id, i.data from (values ${values}) as v(id, low, high), lateral (
      select data from items where session_id = v.id and seq >= v.low and seq < v.high and ${mayHold(query)} order by seq desc limit ${candidates}
    ) i`)
  const bySession = Map.groupBy(rows, (row) => row.id)
  return Promise.all(
    batch.map(async (stretch) => {
      const found = (bySession.get(stretch.row.id) ?? []).map(({ data }) => data).sort((a, b) => b.seq - a.seq)
      const hits = found.filter((item) => holdsText(item, query)).map((item) => hitOf(stretch.row, item, query))
      const lowest = found.at(-1)?.seq
      if (found.length < candidates || hits.length >= hitsPerSession || lowest === undefined || lowest <= stretch.from) return { stretch, hits }
      const [rest] = await hitsIn(database, [{ ...stretch, to: lowest }], query)
      return { stretch, hits: [...hits, ...(rest?.hits ?? [])] }
    }),
  )
}

function hitOf(row: Row, item: Item, query: string): SearchHit {
  const excerpt = excerptOf(item, query)
  return {
    project: { id: row.project_id, name: row.project },
    session: { id: row.id, title: row.title, archived: row.archived },
    item: { id: item.id, seq: item.seq, type: item.type },
    author: authorOf(item),
    at: item.finishedAt ?? item.createdAt,
    excerpt,
    marks: marksIn(excerpt, query),
  }
}

function authorOf(item: Item): Author | null {
  if (item.type === 'event') return item.by ?? null
  if (item.type !== 'approval') return item.author
  const { agentId, agentName } = item.approval.requestedBy
  return { kind: 'agent', id: agentId, name: agentName }
}

const write = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

function readPlace(cursor: string): Place {
  try {
    return Place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch (error) {
    throw new AppError('invalid_input', 'query.cursor: take it from the page before, as it is', { cause: error })
  }
}
