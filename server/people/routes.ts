import type { Hono } from 'hono'
import { peopleCalls } from '#shared/people/api.ts'
import { resetCalls } from '#shared/people/reset.ts'
import type { Auth } from '../auth/service.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { People } from './service.ts'

export function peopleRoutes(
  app: Hono<AppEnv>,
  authorize: Authorize,
  { people, auth }: { people: People; auth: Pick<Auth, 'choosePassword'> },
): void {
  serve(app, authorize, peopleCalls.listPeople, ({ query }) => people.list(query))
  serve(app, authorize, peopleCalls.disablePerson, async ({ params }) => {
    await people.disable(params.userId)
    return undefined
  })
  serve(app, authorize, peopleCalls.enablePerson, async ({ params }) => {
    await people.enable(params.userId)
    return undefined
  })
  serve(app, authorize, peopleCalls.resetPassword, ({ params }) => people.resetPassword(params.userId))
  serve(app, authorize, peopleCalls.revokeKeys, ({ params }) => people.revokeKeys(params.userId))
  serve(app, authorize, peopleCalls.erasePerson, async ({ params, body }) => {
    await people.erase(params.userId, body)
    return undefined
  })
  serve(app, authorize, resetCalls.choosePassword, async ({ body, client }) => {
    await auth.choosePassword(body, client)
    return undefined
  })
}
