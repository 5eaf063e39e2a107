import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { call } from '../base/api.ts'
import { queryOf } from '../base/query.ts'

export const projectsQuery = queryOf(projectCalls.listProjects, {})

export const useProjects = () => useQuery({ ...projectsQuery, refetchInterval: 30_000 })

/** What waits for a decision, in every room of the signed-in person. */
export const usePendingApprovals = () =>
  useQuery({ ...queryOf(approvalCalls.listApprovals, { query: { status: 'pending' } }), refetchInterval: 10_000 })

export function useCreateProject(onDone: (id: ProjectId) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, name }: { id: ProjectId; name: string }) => call(projectCalls.createProject, { body: { id, name } }),
    onSuccess: async (project) => {
      await client.invalidateQueries({ queryKey: projectsQuery.queryKey })
      onDone(project.id)
    },
  })
}

export function useCreateSession(projectId: ProjectId, onDone: (id: SessionId) => void) {
  return useMutation({
    mutationFn: () => call(sessionCalls.createSession, { params: { id: projectId }, body: { id: newId<SessionId>('ses') } }),
    onSuccess: (session) => onDone(session.id),
  })
}
