import type { Hono } from 'hono'
import { previewCalls } from '#shared/previews/api.ts'
import { serve, type AppEnv, type Authorize } from '../http/serve.ts'
import type { Ports } from './ports.ts'
import type { Previews } from './service.ts'

export function previewRoutes(app: Hono<AppEnv>, authorize: Authorize, { previews, ports }: { previews: Previews; ports: Ports }): void {
  serve(app, authorize, previewCalls.openPreview, ({ params, body, principal, request }) => {
    const origin = new URL(new URL(request.url).origin)
    // Behind a proxy that ends TLS.
    if (request.headers.get('x-forwarded-proto') === 'https') origin.protocol = 'https:'
    return previews.open(params.id, principal, body.port, origin)
  })
  serve(app, authorize, previewCalls.listPorts, async ({ params }) => ({ ports: await ports.list(params.id) }))
}
