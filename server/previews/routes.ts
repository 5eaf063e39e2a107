import type { Hono } from 'hono'
import { AppError } from '#shared/base/errors.ts'
import { previewCalls } from '#shared/previews/api.ts'
import { serve, type AppEnv, type Authorize } from '../http/serve.ts'
import type { Ports } from './ports.ts'
import type { Previews } from './service.ts'

export function previewRoutes(app: Hono<AppEnv>, authorize: Authorize, { previews, ports }: { previews: Previews; ports: Ports }): void {
  serve(app, authorize, previewCalls.openPreview, ({ params, body, principal, client }) => {
    const origin = new URL(client.origin)
    if (body.path !== undefined) return previews.openPage(params.id, principal, body.path, origin)
    if (body.port !== undefined) return previews.openPort(params.id, principal, body.port, origin)
    throw new AppError('invalid_input', 'body: give either a port or a path')
  })
  serve(app, authorize, previewCalls.listPorts, async ({ params }) => ({ ports: await ports.list(params.id) }))
}
