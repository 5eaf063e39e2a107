import type { Hono } from 'hono'
import { authCalls } from '#shared/auth/api.ts'
import type { ClientInfo } from '../http/client-info.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { clearSessionCookie, clearTwinCookies, writeSessionCookie } from './cookie.ts'
import type { Auth } from './service.ts'
import type { SignedIn, Visitor } from './sign-in.ts'
import type { Redeem } from './sign-up.ts'

type Deps = {
  auth: Auth
  /** How an invite is taken by the account that is being made. */
  redeemInvite: (token: string) => Redeem
}

export function authRoutes(app: Hono<AppEnv>, authorize: Authorize, { auth, redeemInvite }: Deps): void {
  // Of two cookies of our name neither is believed: both go, and whoever it is signs in again.
  app.use('/api/*', async (context, next) => {
    await next()
    const { headers } = context.res
    const clear = clearTwinCookies(context.req.raw.headers, context.get('client').secure)
    const signsIn = headers.getSetCookie().length > 0
    for (const line of signsIn ? clear.slice(1) : clear) headers.append('set-cookie', line)
  })
  serve(app, authorize, authCalls.signUp, async ({ body: { invite, ...person }, request, client, header }) => {
    const redeem = invite === undefined ? undefined : redeemInvite(invite)
    return signedIn(await auth.signUp(person, redeem, visitor(request, client)), client, header)
  })
  serve(app, authorize, authCalls.signIn, async ({ body, request, client, header }) =>
    signedIn(await auth.signIn(body, visitor(request, client)), client, header),
  )
  serve(app, authorize, authCalls.signOut, async ({ request, client, header }) => {
    await auth.signOut({ headers: request.headers, secure: client.secure })
    header('set-cookie', clearSessionCookie(client.secure))
    return undefined
  })
  serve(app, authorize, authCalls.me, async ({ principal }) => ({ user: await auth.me(principal.userId) }))
  serve(app, authorize, authCalls.whoAmI, async ({ principal }) => ({ user: principal ? await auth.me(principal.userId) : null }))
  serve(app, authorize, authCalls.updateMe, async ({ principal, body }) => ({ user: await auth.rename(principal.userId, body.name) }))
  serve(app, authorize, authCalls.changePassword, async ({ principal, body, client }) => {
    await auth.changePassword(principal, body, client)
    return undefined
  })
  serve(app, authorize, authCalls.listSignIns, async ({ principal }) => ({ sessions: await auth.listSignIns(principal) }))
  serve(app, authorize, authCalls.endSignIn, async ({ principal, params }) => {
    await auth.endSignIn(principal.userId, params.signInId)
    return undefined
  })
  serve(app, authorize, authCalls.endOtherSignIns, async ({ principal }) => {
    await auth.endOtherSignIns(principal)
    return undefined
  })
  serve(app, authorize, authCalls.setup, ({ client }) => auth.setup(client))
  serve(app, authorize, authCalls.listKeys, async ({ principal }) => ({ keys: await auth.listKeys(principal.userId) }))
  serve(app, authorize, authCalls.createKey, ({ principal, body }) => auth.createKey(principal.userId, body))
  serve(app, authorize, authCalls.deleteKey, async ({ principal, params }) => {
    await auth.removeKey(principal.userId, params.keyId)
    return undefined
  })
}

const visitor = (request: Request, { address, local }: ClientInfo): Visitor => ({
  address,
  local,
  userAgent: request.headers.get('user-agent') ?? '',
})

function signedIn({ user, token }: SignedIn, { secure }: ClientInfo, header: (name: string, value: string) => void) {
  header('set-cookie', writeSessionCookie(token, secure))
  return { user }
}
