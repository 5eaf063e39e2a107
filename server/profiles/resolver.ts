import { AppError } from '#shared/base/errors.ts'
import type { AgentId } from '#shared/base/ids.ts'
import type { Profile } from './define.ts'

/** Finds the profile of a run, each time anew: a resolver may ask a database. */
export type ProfileResolver = {
  /**
   * @param request `version`: the one that a run began with. Where it cannot be had any more the newest is given.
   * @throws AppError `not_found` when the workspace has no such agent
   */
  resolve(request: { agentId: AgentId; tenantId: string; version?: string }): Promise<Profile>
  /** The agents of a workspace, the default one first. */
  list(tenantId: string): Promise<Profile[]>
}

/** The same profiles for every workspace. The first is the default. */
export function createStaticProfileResolver(profiles: readonly Profile[]): ProfileResolver {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]))
  if (byId.size !== profiles.length) throw new AppError('invalid_input', 'two profiles have the same id')
  return {
    async resolve({ agentId }) {
      const profile = byId.get(agentId)
      if (!profile) throw new AppError('not_found', `There is no agent "${agentId}" here.`)
      return profile
    },
    list: async () => [...profiles],
  }
}

/** Profiles from elsewhere. `find` gives undefined for an agent it does not know. */
export function createProfileResolver(source: {
  find(request: { agentId: AgentId; tenantId: string; version?: string }): Promise<Profile | undefined>
  list(tenantId: string): Promise<Profile[]>
}): ProfileResolver {
  return {
    async resolve(request) {
      const profile = await source.find(request)
      if (!profile) throw new AppError('not_found', `There is no agent "${request.agentId}" here.`)
      return profile
    },
    list: (tenantId) => source.list(tenantId),
  }
}
