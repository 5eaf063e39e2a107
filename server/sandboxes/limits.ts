import { eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { SandboxLimits } from '#shared/sandboxes/schema.ts'
import type { LimitsAnswer, SandboxCeilings } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { clamp } from './ceilings.ts'
import { sandboxSettings } from './table.ts'

const mb = 1024 * 1024

export type Limits = ReturnType<typeof createLimits>

/** The limits of each project's sandbox, as its owners have set them, and none beyond what the operator allows. */
export function createLimits(deps: { database: Database; clock: Clock; usual: SandboxLimits; ceilings: SandboxCeilings; onlyIdle: boolean }) {
  const { database, clock, ceilings } = deps
  const usual = clamp(deps.usual, ceilings)

  async function own(projectId: ProjectId): Promise<Partial<SandboxLimits>> {
    const [row] = await database.db.select().from(sandboxSettings).where(eq(sandboxSettings.projectId, projectId))
    return clamp(row?.limits ?? {}, ceilings)
  }

  return {
    own,
    of: async (projectId: ProjectId): Promise<LimitsAnswer> => ({ ...usual, ...(await own(projectId)), ceilings }),

    /** @throws AppError `invalid_input` beyond a ceiling; `unavailable` for what the provider decides */
    async set(projectId: ProjectId, change: Partial<SandboxLimits>): Promise<LimitsAnswer> {
      const parsed = SandboxLimits.partial().safeParse(change)
      if (!parsed.success) throw new AppError('invalid_input', `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
      const wanted = parsed.data
      if (deps.onlyIdle && Object.keys(wanted).some((name) => name !== 'idleMinutes')) {
        throw new AppError('unavailable', 'The sandbox provider sets these limits. You can only change when it pauses.')
      }
      if (!deps.onlyIdle) checkCeilings(wanted, ceilings)
      const now = clock.now()
      return database.transaction(async (tx) => {
        const [row] = await tx.select().from(sandboxSettings).where(eq(sandboxSettings.projectId, projectId)).for('update')
        const limits = { ...row?.limits, ...wanted }
        await tx
          .insert(sandboxSettings)
          .values({ projectId, limits, updatedAt: now })
          .onConflictDoUpdate({ target: sandboxSettings.projectId, set: { limits, updatedAt: now } })
        return { ...usual, ...clamp(limits, ceilings), ceilings }
      })
    },
  }
}

function checkCeilings({ cpus, memoryBytes, diskBytes, processes }: Partial<SandboxLimits>, most: SandboxCeilings): void {
  const refuse = (what: string) => new AppError('invalid_input', `This is more than the server allows a sandbox (${what}).`)
  if (cpus !== undefined && cpus > most.cpus) throw refuse(`cpus: ${most.cpus}`)
  if (memoryBytes !== undefined && memoryBytes > most.memoryBytes) throw refuse(`memory: ${Math.floor(most.memoryBytes / mb)} MB`)
  if (diskBytes !== undefined && diskBytes > most.diskBytes) throw refuse(`disk: ${Math.floor(most.diskBytes / mb)} MB`)
  if (processes !== undefined && processes > most.processes) throw refuse(`processes: ${most.processes}`)
}
