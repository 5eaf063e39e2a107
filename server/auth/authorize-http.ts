import { scopeFor } from '#shared/auth/scopes.ts'
import { AppError } from '#shared/base/errors.ts'
import { can } from '#shared/projects/roles.ts'
import type { Resource } from '#shared/wire/call.ts'
import type { Database } from '../db/port.ts'
import type { Authorize, Membership } from '../http/serve.ts'
import { findMembership } from '../projects/queries.ts'
import { isUnsafe } from './origin.ts'
import { holds, personOf } from './principal.ts'
import type { Person } from './principal.ts'
import { refTo, resources } from './resources.ts'
import type { Auth } from './service.ts'

type Deps = { auth: Pick<Auth, 'authenticate' | 'originAllowed'>; database: Database }

/**
 * Decides every right over HTTP, in this order: who asks (401) and whether that is a person (403), whether our own page asks (403), whether a
 * key may (403), whether the id can be one (400), whether the person belongs to the project (404, alike for what does not exist), whether
 * the role suffices (403).
 */
export function createAuthorize({ auth, database }: Deps): Authorize {
  const find = createMembershipLookup(database)

  return async (call, request, params, { secure }) => {
    const { access } = call
    const asked = { headers: request.headers, secure }
    const who = await auth.authenticate(asked)
    const principal = personOf(who)
    if (who && !principal) throw new AppError('forbidden', 'only people may call this')
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
function checkKey(principal: Person, scope: ReturnType<typeof scopeFor>): void {
  if (principal.by !== 'key' || scope === undefined) return
  if (scope === 'person') throw new AppError('forbidden', 'Sign in to do this. An API key is not enough.')
  if (!holds(principal, scope)) throw new AppError('forbidden', `This API key may not do this: it does not have the scope “${scope}”.`)
}

/** What a call names, and the person's role there. @throws AppError `invalid_input` for what is no id */
function createMembershipLookup({ db }: Database) {
  return async (resource: Resource, text: string, { userId }: Person): Promise<Membership | undefined> => {
    const ref = refTo(resource, text)
    if (!ref) throw new AppError('invalid_input', 'path.id: not an id of this kind')
    return findMembership(db, userId, ref.id, resources[resource].rows)
  }
}
