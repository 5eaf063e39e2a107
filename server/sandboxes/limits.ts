import { cpus, totalmem } from 'node:os'
import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { SandboxLimits } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { sandboxSettings } from './table.ts'

const mb = 1024 * 1024

/** The limits of each project's sandbox, as its owners have set them. */
export function createLimits(deps: { database: Database; clock: Clock; usual: SandboxLimits; onlyIdle: boolean }) {
  const { database, clock, usual } = deps

  async function own(projectId: ProjectId): Promise<Partial<SandboxLimits>> {
    const [row] = await database.db.select().from(sandboxSettings).where(eq(sandboxSettings.projectId, projectId))
    return row?.limits ?? {}
  }

  return {
    own,
    of: async (projectId: ProjectId): Promise<SandboxLimits> => ({ ...usual, ...(await own(projectId)) }),

    /** @throws AppError `invalid_input` beyond what this machine has; `unavailable` for what the provider decides */
    async set(projectId: ProjectId, change: Partial<SandboxLimits>): Promise<SandboxLimits> {
      const parsed = SandboxLimits.partial().safeParse(change)
      if (!parsed.success) throw new AppError('invalid_input', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
      const wanted = parsed.data
      if (deps.onlyIdle && Object.keys(wanted).some((name) => name !== 'idleMinutes')) {
        throw new AppError('unavailable', 'The sandbox provider sets these limits. You can only change when it pauses.')
      }
      if (!deps.onlyIdle) checkMachine(wanted)
      const now = clock.now()
      return database.transaction(async (tx) => {
        const [row] = await tx.select().from(sandboxSettings).where(eq(sandboxSettings.projectId, projectId)).for('update')
        const limits = { ...row?.limits, ...wanted }
        await tx
          .insert(sandboxSettings)
          .values({ projectId, limits, updatedAt: now })
          .onConflictDoUpdate({ target: sandboxSettings.projectId, set: { limits, updatedAt: now } })
        return { ...usual, ...limits }
      })
    },
  }
}

function checkMachine({ cpus: cores, memoryBytes }: Partial<SandboxLimits>): void {
  if (cores !== undefined && cores > cpus().length) throw new AppError('invalid_input', `cpus: this machine has ${cpus().length}`)
  if (memoryBytes !== undefined && memoryBytes > totalmem()) {
    throw new AppError('invalid_input', `memoryBytes: this machine has ${Math.floor(totalmem() / mb)} MB`)
  }
}
