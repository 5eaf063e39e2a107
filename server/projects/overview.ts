import { sql } from 'drizzle-orm'
import type { AgentId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { AgentAtWork, Overview, ProjectActivity } from '#shared/projects/overview.ts'
import type { RunStatus } from '#shared/runs/schema.ts'
import { userNames } from '../auth/queries.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'

type Deps = {
  database: Database
  /** Who is in which of these rooms now. */
  peopleIn(projectIds: readonly ProjectId[]): Promise<ReadonlyMap<ProjectId, UserId[]>>
  clock: Clock
}

const weekMs = 7 * 86_400_000
const agentsShown = 5

type LastRow = {
  project_id: ProjectId
  sessions: number | string
  id: SessionId | null
  title: string | null
  at: number | string | null
  agent_id: AgentId | null
  status: RunStatus | null
  error: string | null
}
type WorkRow = { project_id: ProjectId; agent_id: AgentId; status: AgentAtWork['status']; id: SessionId; title: string }
type SpendRow = { project_id: ProjectId; agent_id: AgentId; tokens: number | string }

/** What goes on in every project of a person, in four queries however many there are. */
export async function readOverview({ database, peopleIn, clock }: Deps, userId: UserId): Promise<Overview> {
  const mine = sql`select project_id from members where user_id = ${userId} limit 1000`
  const [lasts, work, spend] = await Promise.all([
    database.rows<LastRow>(sql`
      select m.project_id, (select count(*) from sessions s where s.project_id = m.project_id and s.archived_at is null) as sessions,
        l.id, l.title, l.updated_at as at, l.agent_id, l.status, l.error
      from (${mine}) m
      left join lateral (
        select s.id, s.title, s.updated_at, r.agent_id, r.status, r.error->>'message' as error
        from sessions s left join runs r on r.id = s.run_id
        where s.project_id = m.project_id and s.archived_at is null order by s.updated_at desc limit 1
      ) l on true`),
    database.rows<WorkRow>(sql`
      select s.project_id, r.agent_id, r.status, s.id, s.title
      from runs r join sessions s on s.id = r.session_id
      where r.status in ('queued', 'running', 'waiting', 'paused') and s.project_id in (${mine})
      order by (r.status = 'waiting') desc, r.created_at desc`),
    database.rows<SpendRow>(sql`
      select r.project_id, r.agent_id, sum(coalesce(st.input_tokens, 0)::bigint + coalesce(st.output_tokens, 0)) as tokens
      from runs r join steps st on st.run_id = r.id and st.kind = 'model' where r.created_at >= ${clock.now() - weekMs} and r.project_id in (${mine})
      group by r.project_id, r.agent_id`),
  ])
  const present = await peopleIn(lasts.map((row) => row.project_id))
  const names = await userNames(database.db, [...present.values()].flat())
  const workOf = Map.groupBy(work, (row) => row.project_id)
  const spendOf = Map.groupBy(spend, (row) => row.project_id)
  const projects = lasts.map((row): ProjectActivity => {
    const busy = workOf.get(row.project_id) ?? []
    return {
      id: row.project_id,
      here: (present.get(row.project_id) ?? []).flatMap((id) => {
        const name = names.get(id)
        return name === undefined ? [] : [{ id, name }]
      }),
      agents: busy.slice(0, agentsShown).map(({ agent_id, status, id, title }) => ({ id: agent_id, status, session: { id, title } })),
      sessions: Number(row.sessions),
      running: busy.length,
      tokens: total(spendOf.get(row.project_id) ?? []),
      last: row.id === null ? null : lastOf({ ...row, id: row.id }),
    }
  })
  const byAgent = [...Map.groupBy(spend, (row) => row.agent_id)].map(([agentId, rows]) => ({ agentId, tokens: total(rows) }))
  return { projects, spend: byAgent.filter(({ tokens }) => tokens > 0).toSorted((a, b) => b.tokens - a.tokens) }
}

const total = (rows: readonly SpendRow[]) => rows.reduce((sum, row) => sum + Number(row.tokens ?? 0), 0)

const lastOf = ({ id, title, at, agent_id, status, error }: LastRow & { id: SessionId }) => ({
  id,
  title: title ?? '',
  at: Number(at),
  run: agent_id && status ? { agentId: agent_id, status, error } : null,
})
