import { and, eq } from 'drizzle-orm'
import { scopeFor } from '#shared/auth/scopes.ts'
import { AppError } from '#shared/base/errors.ts'
import { ApprovalId, ProjectId, RunId, SessionId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Access } from '#shared/wire/call.ts'
import { approvals } from '../approvals/table.ts'
import type { Database } from '../db/port.ts'
import type { Authorize, Membership } from '../http/serve.ts'
import { members, projects } from '../projects/table.ts'
import { runs } from '../runs/table.ts'
import { sessions } from '../sessions/table.ts'
import { isUnsafe } from './origin.ts'
import { holds } from './principal.ts'
import type { Principal } from './principal.ts'
import type { Auth } from './service.ts'

type Deps = { auth: Pick<Auth, 'authenticate' | 'originAllowed'>; database: Database }
type Resource = Extract<Access, { kind: 'member' }>['resource']

/**
 * Decides every right over HTTP, in this order: who asks (401), whether our own page asks (403), whether a key may (403), whether the id can be one
 * (400), whether the person belongs to the project (404, alike for what does not exist), whether the role suffices (403).
 */
export function createAuthorize({ auth, database }: Deps): Authorize {
  const find = createMembershipLookup(database)

  return async (call, request, params, { secure }) => {
    const { access } = call
    const asked = { headers: request.headers, secure }
    const principal = await auth.authenticate(asked)
    if (!principal && access.kind !== 'public') throw new AppError('unauthenticated', 'Sign in, or send a valid key.')
    // Public calls too: a foreign page must not sign a visitor in or up.
    if (isUnsafe(request.method) && principal?.by !== 'key' && !auth.originAllowed(asked)) {
      throw new AppError('wrong_origin', 'This request came from another site.')
    }
    if (!principal) return {}
    checkKey(principal, scopeFor(call))
    if (access.kind === 'admin' && !principal.admin) throw new AppError('forbidden', 'Only the workspace admin can do this.')
    if (access.kind !== 'member') return { principal }

    const membership = await find(access.resource, params.id ?? '', principal)
    if (!membership) throw new AppError('not_found', `This ${access.resource} does not exist, or you are not a member of its project.`)
    if (!can(membership.role, access.action, membership)) throw new AppError('forbidden', `Your role (${membership.role}) does not allow this.`)
    return { principal, membership }
  }
}

/**
 * A key that leaked must not be able to make another that outlives it, nor to lock its owner out; and what its owner did not
 * let it do it does not.
 */
function checkKey(principal: Principal, scope: ReturnType<typeof scopeFor>): void {
  if (principal.by !== 'key' || scope === undefined) return
  if (scope === 'person') throw new AppError('forbidden', 'Sign in to do this. An API key is not enough.')
  if (!holds(principal, scope)) throw new AppError('forbidden', `This API key may not do this: it does not have the scope “${scope}”.`)
}

/** One query: the resource, its project with what that allows, and the person's role there. */
function createMembershipLookup({ db }: Database) {
  const inProject = { projectId: members.projectId, role: members.role, viewersMayWrite: projects.viewersMayWrite }
  const itsProject = eq(projects.id, members.projectId)
  const mine = (principal: Principal) => eq(members.userId, principal.userId)

  const lookups: Record<Resource, (id: string, principal: Principal) => Promise<Membership | undefined>> = {
    async project(text, principal) {
      const id = parseId(ProjectId, text)
      const [row] = await db
        .select(inProject)
        .from(members)
        .innerJoin(projects, itsProject)
        .where(and(eq(members.projectId, id), mine(principal)))
      return row
    },
    async session(text, principal) {
      const id = parseId(SessionId, text)
      const [row] = await db
        .select(inProject)
        .from(sessions)
        .innerJoin(members, eq(members.projectId, sessions.projectId))
        .innerJoin(projects, itsProject)
        .where(and(eq(sessions.id, id), mine(principal)))
      return row && { ...row, sessionId: id }
    },
    async run(text, principal) {
      const id = parseId(RunId, text)
      const [row] = await db
        .select({ ...inProject, sessionId: runs.sessionId })
        .from(runs)
        .innerJoin(members, eq(members.projectId, runs.projectId))
        .innerJoin(projects, itsProject)
        .where(and(eq(runs.id, id), mine(principal)))
      return row && { ...row, runId: id }
    },
    async approval(text, principal) {
      const id = parseId(ApprovalId, text)
      const [row] = await db
        .select({ ...inProject, sessionId: approvals.sessionId, runId: approvals.runId })
        .from(approvals)
        .innerJoin(members, eq(members.projectId, approvals.projectId))
        .innerJoin(projects, itsProject)
        .where(and(eq(approvals.id, id), mine(principal)))
      return row && { ...row, approvalId: id }
    },
  }
  return (resource: Resource, id: string, principal: Principal) => lookups[resource](id, principal)
}

type IdSchema<T> = { safeParse(value: string): { success: true; data: T } | { success: false } }

function parseId<T>(schema: IdSchema<T>, text: string): T {
  const parsed = schema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new AppError('invalid_input', 'path.id: not an id of this kind')
}
