import { eq, sql } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { effectiveDays } from '#shared/retention/schema.ts'
import type { Database } from '../db/port.ts'
import { retentionSettings } from './table.ts'

/** Null: for ever. */
type Days = number | null
export type Due = { projectId: ProjectId; days: number }

const hourMs = 3_600_000

/** What each project's owners have chosen, under the operator's maximum. */
export function createSettings({ database, maxDays }: { database: Database; maxDays: Days }) {
  const { db } = database

  return {
    async read(projectId: ProjectId): Promise<{ days: Days; maxDays: Days; effectiveDays: Days; cleanedAt: number | null }> {
      const [row] = await db.select().from(retentionSettings).where(eq(retentionSettings.projectId, projectId))
      const days = row?.days ?? null
      return { days, maxDays, effectiveDays: effectiveDays(days, maxDays), cleanedAt: row?.cleanedAt ?? null }
    },

    /** @throws AppError `invalid_input` beyond the maximum */
    async choose(projectId: ProjectId, days: Days, now: number): Promise<void> {
      if (maxDays !== null && days === null)
        throw new AppError('invalid_input', `This server does not keep history for ever. The most is ${maxDays} (days).`)
      if (maxDays !== null && days !== null && days > maxDays)
        throw new AppError('invalid_input', `This server does not keep history so long. The most is ${maxDays} (days).`)
      await db
        .insert(retentionSettings)
        .values({ projectId, days, chosenAt: now })
        .onConflictDoUpdate({ target: retentionSettings.projectId, set: { days, chosenAt: now } })
    },

    /** Projects that do not keep all, and were not cleaned in the last hour or since an owner chose; the longest waiting first. */
    async due(now: number, limit: number): Promise<Due[]> {
      const rows = await database.rows<{ id: ProjectId; days: number | null }>(sql`
        select p.id, r.days from projects p left join retention_settings r on r.project_id = p.id
        where (r.days is not null or ${maxDays}::int is not null)
          and (r.cleaned_at is null or r.cleaned_at < ${now - hourMs}::bigint or r.cleaned_at < r.chosen_at)
        order by r.cleaned_at nulls first, p.id limit ${limit}::int`)
      return rows.flatMap(({ id, days }) => {
        const holds = effectiveDays(days, maxDays)
        return holds === null ? [] : [{ projectId: id, days: holds }]
      })
    },

    async cleaned(projectId: ProjectId, at: number): Promise<void> {
      await database.rows(sql`
        insert into retention_settings (project_id, cleaned_at) select id, ${at}::bigint from projects where id = ${projectId}
        on conflict (project_id) do update set cleaned_at = excluded.cleaned_at returning 1 as done`)
    },
  }
}
