import { useQuery } from '@tanstack/react-query'
import type { AgentId } from '#shared/base/ids.ts'
import { profileCalls } from '#shared/profiles/api.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { queryOf } from '../api/query.ts'

/** What goes on in every project, while a page that shows it is open. */
export const useOverview = () => useQuery({ ...queryOf(projectCalls.overview, {}), refetchInterval: 5000, placeholderData: (before) => before })

/** The name of an agent; its id until the names are known. */
export function useAgentNames(): (id: AgentId) => string {
  const agents = useQuery({ ...queryOf(profileCalls.listAgents, {}), staleTime: 300_000 }).data?.agents
  return (id) => agents?.find((agent) => agent.id === id)?.name ?? id
}
