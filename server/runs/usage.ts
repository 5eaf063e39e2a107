import { eq, sql } from 'drizzle-orm'
import type { RunId } from '#shared/base/ids.ts'
import type { RunUsage } from '#shared/runs/schema.ts'
import type { Db } from '../db/port.ts'
import { budgetUsedPct } from '../profiles/define.ts'
import { steps } from './table.ts'

const noUsage: RunUsage = { inputTokens: 0, outputTokens: 0, contextTokens: 0, budgetUsedPct: 0 }

/** The newest value of a run's model calls that have one. */
const newest = (column: typeof steps.inputTokens | typeof steps.contextWindow) =>
  sql<number | null>`(array_agg(${column} order by ${steps.turn} desc, ${steps.index} desc) filter (where ${column} is not null))[1]`

/** What a run has used so far: the sum over its model calls. */
export async function usageOf(db: Db, runId: RunId): Promise<RunUsage> {
  const [sum] = await db
    .select({
      inputTokens: sql<number>`coalesce(sum(${steps.inputTokens}), 0)::float8`,
      outputTokens: sql<number>`coalesce(sum(${steps.outputTokens}), 0)::float8`,
      contextTokens: newest(steps.inputTokens),
      window: newest(steps.contextWindow),
    })
    .from(steps)
    .where(eq(steps.runId, runId))
  if (!sum) return noUsage
  const { window, contextTokens, ...tokens } = sum
  const context = contextTokens ?? 0
  return { ...tokens, contextTokens: context, budgetUsedPct: window ? budgetUsedPct(context, window) : 0 }
}
