import type { Hono } from 'hono'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import type { Overview } from '#shared/projects/overview.ts'
import { can } from '#shared/projects/roles.ts'
import type { Limits } from '../auth/service.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { Projects } from './service.ts'

type Deps = { projects: Projects; limits: Pick<Limits, 'revealing'>; overview: (userId: UserId) => Promise<Overview> }

export function projectRoutes(app: Hono<AppEnv>, authorize: Authorize, { projects, limits, overview }: Deps): void {
  serve(app, authorize, projectCalls.listProjects, async ({ principal }) => ({ projects: await projects.list(principal.userId) }))
  serve(app, authorize, projectCalls.overview, ({ principal }) => overview(principal.userId))
  serve(app, authorize, projectCalls.createProject, ({ principal, body }) => projects.create(principal.userId, body))
  serve(app, authorize, projectCalls.getProject, ({ principal, membership }) => projects.get(principal.userId, membership.projectId))
  serve(app, authorize, projectCalls.updateProject, ({ principal, membership, body }) =>
    projects.update(principal.userId, membership.projectId, body),
  )
  serve(app, authorize, projectCalls.deleteProject, async ({ membership }) => {
    await projects.remove(membership.projectId)
    return undefined
  })

  serve(app, authorize, projectCalls.listMembers, async ({ membership: { projectId, role } }) => ({
    members: await projects.listMembers(projectId, can(role, 'members.manage')),
  }))
  serve(app, authorize, projectCalls.addMember, async ({ principal, membership, body }) => {
    // Anybody can own a project: without a limit this call would tell who has an account.
    await limits.revealing(principal.userId)
    return projects.addMember(membership.projectId, body, body.role)
  })
  serve(app, authorize, projectCalls.updateMember, ({ membership, params, body }) => projects.setRole(membership.projectId, params.userId, body.role))
  serve(app, authorize, projectCalls.removeMember, async ({ principal, membership, params }) => {
    const leaving = params.userId === principal.userId
    if (!leaving && !can(membership.role, 'members.manage'))
      throw new AppError('forbidden', `Your role (${membership.role}) only lets you remove yourself.`)
    await projects.removeMember(membership.projectId, params.userId)
    return undefined
  })

  serve(app, authorize, projectCalls.listInvites, async ({ membership }) => ({ invites: await projects.listInvites(membership.projectId) }))
  serve(app, authorize, projectCalls.createInvite, async ({ principal, membership, body, client }) => {
    const invite = await projects.createInvite(membership.projectId, principal.userId, body)
    return { ...invite, url: `${client.origin}/invite/${invite.token}` }
  })
  serve(app, authorize, projectCalls.revokeInvite, async ({ membership, params }) => {
    await projects.revokeInvite(membership.projectId, params.inviteId)
    return undefined
  })
  serve(app, authorize, projectCalls.previewInvite, ({ params }) => projects.previewInvite(params.token))
  serve(app, authorize, projectCalls.acceptInvite, async ({ principal, params }) => {
    const projectId = await projects.acceptInvite(principal.userId, params.token)
    return projects.get(principal.userId, projectId)
  })
}
