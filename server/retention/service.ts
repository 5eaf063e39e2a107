import { sql } from 'drizzle-orm'
import { asAppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Retention } from '#shared/retention/schema.ts'
import type { Artifacts } from '../artifacts/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { DocumentHistory } from '../sync/port.ts'
import { createSettings, type Due } from './settings.ts'

type Deps = {
  database: Database
  clock: Clock
  log: Logger
  history: DocumentHistory
  artifacts: Pick<Artifacts, 'removeSome' | 'bytesOf'>
  /** The operator's maximum; null: for ever. */
  maxDays: number | null
  /** Work of one look for it, in ms: what is left is done by the next, a minute later. */
  budgetMs?: number
}

const dayMs = 86_400_000
/** Projects of one look. */
const most = 100

/**
 * How long projects keep their history, and the work of removing what is older: earlier states of documents, and output that tools
 * kept. What a room shows as text, its documents as they are now, votes, rules and the record of runs are no history in this sense
 * and stay.
 */
export function createRetention({ database, clock, log: parent, history, artifacts, maxDays, budgetMs = 20_000 }: Deps) {
  const log = parent.child({ part: 'retention' })
  const settings = createSettings({ database, maxDays })
  let cleaning: Promise<void> | undefined
  let stopped = false

  const of = async (projectId: ProjectId): Promise<Retention> => {
    const found = await settings.read(projectId)
    return { ...found, kept: { statesBytes: await history.bytes(projectId), outputBytes: await artifacts.bytesOf(projectId) } }
  }

  /** @returns whether nothing that is older is left, and whether anything was removed */
  async function cleanProject({ projectId, days }: Due, enough: () => boolean): Promise<{ done: boolean; removed: boolean }> {
    const before = clock.now() - days * dayMs
    const states = await history.forget(projectId, before, enough)
    const kept = await oldestUnfinishedRun(database, projectId)
    const output = { count: 0, bytes: 0 }
    let done = states.done
    while (done) {
      if (enough()) {
        done = false
        break
      }
      const some = await artifacts.removeSome(projectId, Math.min(before, kept ?? before))
      if (some.count === 0) break
      output.count += some.count
      output.bytes += some.bytes
    }
    const removed = states.updates > 0 || output.count > 0
    if (removed || states.failed > 0) {
      const { documents, updates, bytes, writtenBytes, failed } = states
      const fields = { projectId, days, documents, updates, bytes, writtenBytes, failed, artifacts: output.count, artifactBytes: output.bytes }
      log.info(fields, 'history that is older than the project keeps was removed')
    }
    return { done, removed }
  }

  async function cleanAll(): Promise<void> {
    const until = performance.now() + budgetMs
    const enough = () => stopped || performance.now() > until
    let removed = false
    for (const due of await settings.due(clock.now(), most)) {
      if (enough()) break
      const startedAt = clock.now()
      try {
        const cleaned = await cleanProject(due, enough)
        removed ||= cleaned.removed
        if (cleaned.done) await settings.cleaned(due.projectId, startedAt)
      } catch (error) {
        if (stopped) return
        // Whoever has its room does it.
        if (asAppError(error).code === 'unavailable') continue
        log.error({ err: error, projectId: due.projectId }, 'history could not be removed')
      }
    }
    // Postgres does it by itself. Without it the space would never be used again.
    if (removed && !stopped && database.kind === 'embedded')
      for (const table of ['document_updates', 'document_snapshots', 'document_history', 'artifacts', 'artifact_parts'])
        await database.rows(sql.raw(`vacuum ${table}`))
  }

  return {
    of,

    /** @throws AppError `invalid_input` beyond the operator's maximum */
    async set(projectId: ProjectId, days: number | null): Promise<Retention> {
      await settings.choose(projectId, days, clock.now())
      return of(projectId)
    },

    /** One look for what is older than projects keep. Safe at any time, and after having been cut off anywhere. */
    clean(): Promise<void> {
      cleaning ??= cleanAll().finally(() => (cleaning = undefined))
      return cleaning
    },

    /** Ends after the document it is at. */
    async stop(): Promise<void> {
      stopped = true
      await cleaning?.catch(() => undefined)
    },
  }
}

export type RetentionService = ReturnType<typeof createRetention>

/** A run that goes on, or waits for people, still looks at what it kept. */
async function oldestUnfinishedRun(database: Database, projectId: ProjectId): Promise<number | undefined> {
  const [row] = await database.rows<{ at: number | null }>(
    sql`select min(created_at)::float8 as at from runs where project_id = ${projectId} and status in ('queued', 'running', 'waiting', 'paused')`,
  )
  return row?.at ?? undefined
}
