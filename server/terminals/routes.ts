import type { Hono } from 'hono'
import { terminalCalls } from '#shared/terminals/api.ts'
import { serve, type AppEnv, type Authorize } from '../http/serve.ts'
import type { Terminals } from './service.ts'

export function terminalRoutes(app: Hono<AppEnv>, authorize: Authorize, terminals: Terminals): void {
  serve(app, authorize, terminalCalls.listTerminals, async ({ params }) => ({ terminals: await terminals.list(params.id) }))
  serve(app, authorize, terminalCalls.openTerminal, ({ params, body, principal }) =>
    terminals.open(params.id, { kind: 'user', id: principal.userId, name: principal.name }, body),
  )
  serve(app, authorize, terminalCalls.renameTerminal, ({ params, body }) => terminals.rename(params.id, params.terminalId, body.title))
  serve(app, authorize, terminalCalls.closeTerminal, async ({ params }) => {
    await terminals.close(params.id, params.terminalId)
    return new Response(null, { status: 204 })
  })
  serve(app, authorize, terminalCalls.readTerminal, ({ params, query }) => terminals.text(params.id, params.terminalId, query.lines))
}
