import type { Hono } from 'hono'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { NewMessage } from '#shared/sessions/schema.ts'
import type { Person } from '../auth/principal.ts'
import type { Budget } from '../base/budget.ts'
import { personLimits } from '../base/person-limits.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Sessions } from './service.ts'
import { streamEvents } from './stream-events.ts'

/** What a stream of events needs, to end when the right to read it ends. */
export type StreamRights = {
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  /** Calls back with every change of rights: a role, or an ended credential; or when some may have been missed. */
  onChange(listener: (change: { projectId?: ProjectId; userId?: UserId; credentialId?: string; missed?: true }) => void): void
}

/** @param openStreams the streams of events that each person has open */
export function sessionRoutes(app: Hono<AppEnv>, authorize: Authorize, sessions: Sessions, rights: StreamRights, openStreams: Budget): void {
  const person = (principal: Person) => ({ id: principal.userId, name: principal.name })
  const streams = new Set<(change: Parameters<Parameters<StreamRights['onChange']>[0]>[0]) => void>()
  rights.onChange((change) => {
    for (const listener of streams) listener(change)
  })

  serve(app, authorize, sessionCalls.listSessions, ({ params, query }) =>
    sessions.list(params.id, query.limit, { before: query.before, archived: query.archived === 'true' }),
  )
  serve(app, authorize, sessionCalls.createSession, ({ principal, params, body }) =>
    sessions.create(params.id, person(principal), { ...(body.id && { id: body.id }), ...(body.title !== undefined && { title: body.title }) }),
  )
  serve(app, authorize, sessionCalls.getSession, ({ params }) => sessions.get(params.id))
  serve(app, authorize, sessionCalls.updateSession, ({ params, body }) =>
    sessions.update(params.id, {
      ...(body.title !== undefined && { title: body.title }),
      ...(body.archived !== undefined && { archived: body.archived }),
    }),
  )
  serve(app, authorize, sessionCalls.listPins, async ({ principal, params }) => ({ sessions: await sessions.pins(params.id, principal.userId) }))
  serve(app, authorize, sessionCalls.pinSession, async ({ principal, params }) => {
    await sessions.pin(params.id, principal.userId)
    return undefined
  })
  serve(app, authorize, sessionCalls.unpinSession, async ({ principal, params }) => {
    await sessions.unpin(params.id, principal.userId)
    return undefined
  })
  serve(app, authorize, sessionCalls.search, ({ principal, query }) => sessions.searchAll(principal.userId, query.q, query))
  serve(app, authorize, sessionCalls.deleteSession, async ({ principal, params }) => {
    await sessions.remove(params.id, person(principal))
    return undefined
  })
  serve(app, authorize, sessionCalls.sendMessage, ({ principal, membership, params, body }) =>
    sessions.send(params.id, person(principal), can(membership.role, 'agent.ask') ? body : toPeopleOnly(body)),
  )
  serve(app, authorize, sessionCalls.editQueued, ({ principal, params, body }) =>
    sessions.editQueued(params.id, params.itemId, person(principal), {
      ...(body.text !== undefined && { text: body.text }),
      ...(body.mode && { mode: body.mode }),
      ...(body.before !== undefined && { before: body.before }),
    }),
  )
  serve(app, authorize, sessionCalls.removeQueued, async ({ params }) => {
    await sessions.removeQueued(params.id, params.itemId)
    return undefined
  })
  serve(app, authorize, sessionCalls.listItems, ({ params, query }) => sessions.items(params.id, query.limit, query))
  serve(app, authorize, sessionCalls.searchItems, ({ params, query }) => sessions.search(params.id, query.q, query.limit, query.before))
  serve(app, authorize, sessionCalls.answerQuestion, async ({ principal, params, body }) => {
    await sessions.answer(params.id, params.itemId, person(principal), body.answers)
    return undefined
  })
  serve(app, authorize, sessionCalls.sessionEvents, async ({ principal, membership, params, request }) => {
    let credentialEnded = false
    const left = openStreams.take(principal.userId)
    if (!left) throw new AppError('rate_limited', `You have ${personLimits.eventStreams} event streams open. Close one first.`, { retryAfterS: 5 })
    return streamEvents({
      onEnd: left,
      lastEventId: request.headers.get('last-event-id'),
      subscribe: (lastEventId, listener) => sessions.events.subscribe(params.id, lastEventId, listener),
      allowed: async () =>
        !credentialEnded &&
        (await rights.roleOf(principal.userId, membership.projectId)) !== undefined &&
        (await sessions.projectOf(params.id)) !== undefined,
      onDoubt(check) {
        const listener: typeof streams extends Set<infer L> ? L : never = (change) => {
          // Whoever may still read it comes again, from where it was.
          if (change.missed || change.credentialId === principal.credentialId) credentialEnded = true
          if (credentialEnded || (change.projectId === membership.projectId && change.userId === principal.userId)) check()
        }
        streams.add(listener)
        return () => streams.delete(listener)
      },
      signal: request.signal,
    })
  })
}

/**
 * What somebody says who may write to people only. A mention of the agent in it is only a word.
 * @throws AppError `forbidden` for what is meant for the agent
 */
function toPeopleOnly(message: NewMessage): NewMessage {
  if (message.to === 'agent' || message.mode !== undefined || message.model !== undefined)
    throw new AppError('forbidden', 'As a viewer you can write to people here, but not to the agent.')
  return { ...message, to: 'people' }
}
