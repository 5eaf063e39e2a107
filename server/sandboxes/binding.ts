import type { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { and, eq } from 'drizzle-orm'
import { SandboxNotFoundError } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Copies, Copy } from './copies.ts'
import type { Calls, Provider } from './provider.ts'
import { sandboxes as table } from './table.ts'

export type Opened = {
  sandbox: CodeSandbox
  /** The one before it was gone: what was brought back of it. */
  lost?: { copy: Copy | undefined }
}

/** An owner who deletes the sandbox asks for a new one. */
const elsewhere =
  'The sandbox of this room is on another machine or in another data folder, with its files. Start the server there, or bring that data folder here. To begin with a new, empty one, an owner can delete it in the settings.'

export type Binding = ReturnType<typeof createBinding>

/** Which sandbox is a project's: one row in Postgres, made before anybody uses it. */
export function createBinding(deps: { database: Database; clock: Clock; log: Logger; provider: Provider; calls: Calls; copies: Copies }) {
  const { database, clock, log, provider, calls, copies } = deps
  const hostId = provider.hostId ?? null

  const read = async (projectId: ProjectId) => (await database.db.select().from(table).where(eq(table.projectId, projectId)))[0]

  /** @returns the id that is the project's now: another one when somebody else was first */
  async function claim(projectId: ProjectId, sandboxId: string, replaces: string | undefined): Promise<string> {
    const now = clock.now()
    const values = { provider: provider.name, hostId, sandboxId, status: 'starting' as const, detail: null, updatedAt: now }
    const taken =
      replaces === undefined
        ? await database.db
            .insert(table)
            .values({ projectId, ...values, createdAt: now })
            .onConflictDoNothing()
            .returning({ id: table.sandboxId })
        : await database.db
            .update(table)
            .set(values)
            .where(and(eq(table.projectId, projectId), eq(table.sandboxId, replaces)))
            .returning({ id: table.sandboxId })
    return taken[0]?.id ?? (await read(projectId))?.sandboxId ?? Promise.reject(new Error('the project is gone'))
  }

  /** A machine that is in another data folder has its files there: nothing may take its place unasked. */
  async function isElsewhere(row: { projectId: ProjectId; hostId: string | null }): Promise<boolean> {
    if (hostId === null) return false
    // Of before the folder was kept: a copy of its files says that it was here.
    return row.hostId === null ? (await copies.read(row.projectId)) === undefined : row.hostId !== hostId
  }

  async function connectKnown(known: string, cold: boolean): Promise<CodeSandbox | undefined> {
    try {
      return await calls.connect(known, cold)
    } catch (thrown) {
      if (thrown instanceof SandboxNotFoundError) return undefined
      throw thrown
    }
  }

  return {
    read,

    /**
     * Connects to the project's sandbox, resumes it, or makes it; one that is gone is replaced, with the files of the last copy.
     * @throws AppError `unavailable` for one that is on another machine or in another data folder
     */
    async open(projectId: ProjectId): Promise<Opened> {
      const metadata = { atriumProject: projectId }
      const row = await read(projectId)
      // Without a row there may still be one, made just before a crash.
      const known = row?.provider === provider.name ? row.sandboxId : row ? undefined : await calls.findByMetadata(metadata)
      const found = known === undefined ? undefined : await connectKnown(known, row?.status === 'stopped')
      if (found) {
        if (!row) await claim(projectId, found.sandboxId, undefined)
        else if (row.hostId !== hostId) await database.db.update(table).set({ hostId }).where(eq(table.projectId, projectId))
        return { sandbox: found }
      }
      if (row && known !== undefined && (await isElsewhere(row))) throw new AppError('unavailable', elsewhere)
      if (known !== undefined) log.warn({ projectId }, 'a sandbox was gone; a new one takes its place')
      const made = await calls.create(metadata)
      try {
        const copy = await copies.restore(projectId, made)
        const bound = await claim(projectId, made.sandboxId, row?.sandboxId)
        if (bound === made.sandboxId) return { sandbox: made, ...(row && { lost: { copy } }) }
        await calls.remove(made.sandboxId)
        return { sandbox: await calls.connect(bound, false) }
      } catch (thrown) {
        await calls.remove(made.sandboxId).catch(() => undefined)
        throw thrown
      }
    },
  }
}
