import type { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Database } from '../db/port.ts'
import { creatorOf } from '../projects/queries.ts'
import type { Sandbox } from './port.ts'
import type { Provider } from './provider.ts'
import type { sandboxes as table } from './table.ts'

export type Live = {
  id: string
  raw: CodeSandbox
  sandbox: Sandbox
  holds: number
  endAt: number
  renewAt: number
  usedAt: number
  /** Used since the last copy was begun. */
  dirty: boolean
  copiedAt: number
  /** The last copy that was asked for; never rejects. */
  copying: Promise<void>
}

/** What this process knows of one project's sandbox. */
export type Room = {
  state: SandboxState
  live: Live | undefined
  starting: Promise<Sandbox> | undefined
  /** Calls that wait for its start; resolved once that has to wait for a place; and whose place it takes. */
  callers: number
  waiting: PromiseWithResolvers<void>
  person: UserId | undefined
  /** Pausing, ending and removing happen one after the other. */
  turn: Promise<unknown>
  /** When a failed one is tried again, and how often it was. */
  retry: { at: number; times: number }
}

/**
 * A look at every sandbox each `tidyMs`; a copy after changes each `copyMs`; what is paused keeps its memory for `keepMemoryMs`. A
 * call waits `queueMs` for a place; one that nobody has used for `unusedMs` may give its place.
 */
export const usualPace = {
  tidyMs: 30_000,
  copyMs: 60_000,
  keepMemoryMs: 2 * 3_600_000,
  retryMs: 30_000,
  renewMs: 60_000,
  queueMs: 30_000,
  unusedMs: 20_000,
}
export type Pace = typeof usualPace

export const newRoom = (state: SandboxState): Room => ({
  state,
  live: undefined,
  starting: undefined,
  callers: 0,
  waiting: Promise.withResolvers(),
  person: undefined,
  turn: Promise.resolve(),
  retry: { at: 0, times: 0 },
})

/** The person of a sandbox, whose places it takes, is who made its project. */
export async function personOf(database: Database, projectId: ProjectId): Promise<UserId> {
  const creator = await creatorOf(database.db, projectId)
  if (!creator) throw new AppError('not_found', 'This project does not exist.')
  return creator
}

/** After a restart: processes of the local host have ended with it, those in the cloud may go on. */
export function stateFromRow(provider: Provider, row: typeof table.$inferSelect | undefined, bornAt: number): SandboxState {
  const { isolation } = provider
  if (!row || row.provider !== provider.name) return { status: 'stopped', isolation, since: bornAt }
  const since = row.updatedAt
  const detail = row.detail === null ? {} : { detail: row.detail }
  if (row.status === 'failed') return { status: 'failed', isolation, since, ...detail }
  return { status: provider.name === 'e2b' && row.status === 'paused' ? 'paused' : 'stopped', isolation, since }
}
