import type { Hono } from 'hono'
import { pythonCalls } from '#shared/python/api.ts'
import { serve, type AppEnv, type Authorize } from '../http/serve.ts'
import type { Python } from './service.ts'

export function pythonRoutes(app: Hono<AppEnv>, authorize: Authorize, python: Python): void {
  serve(app, authorize, pythonCalls.runPython, ({ params, body, principal }) =>
    python.run({
      projectId: params.id,
      id: body.id,
      code: body.code,
      context: body.context,
      author: { kind: 'user', id: principal.userId, name: principal.name },
    }),
  )
  serve(app, authorize, pythonCalls.listCells, async ({ params, query }) => ({ cells: await python.list(params.id, query) }))
  serve(app, authorize, pythonCalls.readCell, ({ params }) => python.read(params.id, params.cellId))
  serve(app, authorize, pythonCalls.interruptPython, async ({ params, body }) => {
    await python.interrupt(params.id, body.context)
    return new Response(null, { status: 204 })
  })
  serve(app, authorize, pythonCalls.restartPython, async ({ params, body }) => {
    await python.restart(params.id, body.context)
    return new Response(null, { status: 204 })
  })
  serve(app, authorize, pythonCalls.removeContext, async ({ params }) => {
    await python.removeContext(params.id, params.context)
    return new Response(null, { status: 204 })
  })
}
