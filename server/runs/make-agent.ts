import type { Agent, ProfileContext } from '../profiles/define.ts'
import { pageItems } from '../sessions/store.ts'
import { listTools } from '../tools/source.ts'
import { tenantId } from './deps.ts'
import type { RunDeps } from './deps.ts'
import { parentsOf } from './store.ts'
import type { RunRow } from './store.ts'

/** `version`: of the profile that it was made from. */
export type MadeAgent = { agent: Agent; version: string; context: ProfileContext }

/**
 * The agent of a run, made anew from its profile with the tools that it has now: of the version that the run began with, or the newest where
 * that cannot be had any more.
 * @throws AppError `not_found` when there is no such agent; whatever its profile throws
 */
export async function makeAgent(deps: Pick<RunDeps, 'database' | 'profiles' | 'tools' | 'approvals'>, row: RunRow): Promise<MadeAgent> {
  const { db } = deps.database
  const profile = await deps.profiles.resolve({ agentId: row.agentId, tenantId, ...(row.agentVersion !== null && { version: row.agentVersion }) })
  const chainId = (await parentsOf(db, row.id)).at(-1)
  const context: ProfileContext = {
    tenantId,
    userId: row.causedBy,
    sessionId: row.sessionId,
    sessionRef: { projectId: row.projectId, sessionId: row.sessionId, runId: row.id },
    sessionStore: { items: async (options) => (await pageItems(db, row.sessionId, Math.min(options?.limit ?? 200, 1000))).reverse() },
    permissionPolicy: await deps.approvals.permissionsOf(row.projectId),
    ...(chainId !== undefined && { chainId }),
  }
  const made = await profile.agentFor(context)
  return { agent: { ...made, tools: await listTools(deps.tools, made, row) }, version: profile.version, context }
}
