import { cutAfter } from '#shared/base/cut.ts'
import { sql } from 'drizzle-orm'
import type { AgentId, ItemId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { noticeLimits, type Notice } from '#shared/notices/schema.ts'
import { mentionFinder, peopleNames, withoutCode } from '#shared/sessions/mentions.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'

type Deps = { database: Database; clock: Clock }

/** How far back in a session messages are looked at, so that a long one costs no more than a short one. */
const itemsBack = 300

type PlaceRow = { project_id: ProjectId; project: string; session_id: SessionId; session: string; at: number | string }
type MentionRow = PlaceRow & { id: ItemId; by: string; text: string }
type RunRow = PlaceRow & { run_id: RunId; agent_id: AgentId; status: 'completed' | 'failed' | 'waiting'; item_id: ItemId | null }
type PersonRow = { project_id: ProjectId; id: UserId; name: string }

/** What concerns a person in all of their projects, newest first. Only members are told. */
export async function readNotices({ database, clock }: Deps, userId: UserId): Promise<Notice[]> {
  const since = clock.now() - noticeLimits.ageMs
  const [mentions, runs] = await Promise.all([
    readMentions(database, userId, since),
    database.rows<RunRow>(sql`
      select s.project_id, p.name as project, s.id as session_id, s.title as session, r.id as run_id, r.agent_id, r.status,
        i.id as item_id, coalesce(r.ended_at, (i.data->>'createdAt')::bigint) as at
      from sessions s
      join members m on m.project_id = s.project_id and m.user_id = ${userId}
      join projects p on p.id = s.project_id
      join runs r on r.session_id = s.id
      left join waits w on w.run_id = r.id and w.resolved_at is null and w.subject->>'kind' = 'question'
      left join items i on i.id = w.subject->>'itemId'
      where s.updated_at >= ${since} and r.caused_by = ${userId} and (
        (r.status in ('completed', 'failed') and r.ended_at >= ${since})
        or (r.status = 'waiting' and i.id is not null)
      )
      order by at desc limit ${noticeLimits.each}`),
  ])
  return [...mentions, ...runs.map(runNotice)].toSorted((a, b) => b.at - a.at)
}

async function readMentions(database: Database, userId: UserId, since: number): Promise<Notice[]> {
  const people = await database.rows<PersonRow>(sql`
    select m.project_id, u.id, u.name from members me
    join members m on m.project_id = me.project_id join users u on u.id = m.user_id
    where me.user_id = ${userId} limit 5000`)
  const name = people.find(({ id }) => id === userId)?.name
  const first = name?.trim().split(/\s+/)[0]
  if (!first) return []
  const found = await database.rows<MentionRow>(sql`
    select s.project_id, p.name as project, s.id as session_id, s.title as session, i.id, i.data->'author'->>'name' as by,
      i.data->>'text' as text, (i.data->>'createdAt')::bigint as at
    from sessions s
    join members m on m.project_id = s.project_id and m.user_id = ${userId}
    join projects p on p.id = s.project_id
    join items i on i.session_id = s.id and i.seq > s.last_seq - ${itemsBack}
    where s.updated_at >= ${since} and i.data->>'type' = 'message' and i.data->'author'->>'kind' = 'user'
      and i.data->'author'->>'id' <> ${userId} and (i.data->>'createdAt')::bigint >= ${since}
      and strpos(lower(i.data->>'text'), ${`@${first.toLowerCase()}`}) > 0
    order by at desc limit ${noticeLimits.each}`)
  const inProject = Map.groupBy(people, (person) => person.project_id)
  return found
    .filter((row) => {
      const find = mentionFinder(peopleNames(inProject.get(row.project_id) ?? []))
      return find(withoutCode(row.text)).some(({ id }) => id === userId)
    })
    .map((row) => ({ kind: 'mention', id: row.id, ...placeOf(row), by: row.by, text: beginning(row.text) }))
}

const placeOf = (row: PlaceRow) => ({
  projectId: row.project_id,
  project: row.project,
  sessionId: row.session_id,
  session: row.session,
  at: Number(row.at),
})

/** A run that asks again is news again: its question is part of the id. */
const runNotice = (row: RunRow): Notice => ({
  kind: 'run',
  id: row.status === 'waiting' ? `${row.run_id} ${row.item_id}` : row.run_id,
  ...placeOf(row),
  runId: row.run_id,
  agentId: row.agent_id,
  outcome: row.status === 'waiting' ? 'question' : row.status,
})

/** The first words, on one line; what stands in code stays in the room. */
function beginning(text: string): string {
  const line = withoutCode(text).replaceAll(/\s+/g, ' ').trim()
  return line.length <= noticeLimits.text ? line : `${cutAfter(line, noticeLimits.text - 1).trimEnd()}…`
}
