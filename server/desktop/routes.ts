import type { Hono } from 'hono'
import { desktopCalls } from '#shared/desktop/api.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { Desktops } from './service.ts'

export function desktopRoutes(app: Hono<AppEnv>, authorize: Authorize, desktops: Pick<Desktops, 'read' | 'start' | 'command' | 'install'>): void {
  serve(app, authorize, desktopCalls.getDesktop, ({ params }) => desktops.read(params.id))
  serve(app, authorize, desktopCalls.startDesktop, ({ params }) => desktops.start(params.id))
  serve(app, authorize, desktopCalls.controlDesktop, ({ params, principal, membership, body }) =>
    desktops.command(params.id, { principal, role: membership.role }, body),
  )
  serve(app, authorize, desktopCalls.installDesktop, ({ params }) => desktops.install(params.id))
}
