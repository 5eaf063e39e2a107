import { useQuery } from '@tanstack/react-query'
import { approvalCalls } from '#shared/approvals/api.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import { useCall } from '../api/use-call.ts'
import { useMe } from '../api/me.ts'
import { queryOf } from '../api/query.ts'

export const projectsQuery = queryOf(projectCalls.listProjects, {})

export const useProjects = () => useQuery({ ...projectsQuery, refetchInterval: 10_000 })

/** What waits for a decision, in every room of the signed-in person. */
export const usePendingApprovals = () =>
  useQuery({ ...queryOf(approvalCalls.listApprovals, { query: { status: 'pending' } }), refetchInterval: 10_000, refetchIntervalInBackground: true })

/** Of these, what this person may decide; a viewer only watches. */
export function useWaitingForMe(): readonly Approval[] {
  const pending = usePendingApprovals().data?.approvals
  const projects = useProjects().data?.projects
  const me = useMe()
  return (pending ?? []).filter((approval) => {
    const role = projects?.find((project) => project.id === approval.projectId)?.role
    return role !== undefined && mayDecide(approval, me.id, role) === undefined
  })
}

export const useCreateProject = () => useCall(projectCalls.createProject, { invalidates: [projectsQuery.queryKey] })
