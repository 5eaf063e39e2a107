import type { Hono } from 'hono'
import { runCalls } from '#shared/runs/api.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { Runs } from './service.ts'

export function runRoutes(app: Hono<AppEnv>, authorize: Authorize, runs: Runs): void {
  const by = (principal: { userId: Parameters<Runs['cancel']>[1]['id']; name: string }) => ({ id: principal.userId, name: principal.name })
  serve(app, authorize, runCalls.getRun, ({ params }) => runs.get(params.id))
  serve(app, authorize, runCalls.cancelRun, ({ principal, params }) => runs.cancel(params.id, by(principal)))
  serve(app, authorize, runCalls.stopStep, async ({ principal, params }) => {
    await runs.stopStep(params.id, params.stepId, by(principal))
    return undefined
  })
  serve(app, authorize, runCalls.pauseRun, ({ principal, params }) => runs.pause(params.id, by(principal)))
  serve(app, authorize, runCalls.resumeRun, ({ principal, params }) => runs.resume(params.id, by(principal)))
}
