import type { Hono } from 'hono'
import { retentionCalls } from '#shared/retention/api.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { RetentionService } from './service.ts'

export function retentionRoutes(app: Hono<AppEnv>, authorize: Authorize, retention: Pick<RetentionService, 'of' | 'set'>): void {
  serve(app, authorize, retentionCalls.getRetention, ({ params }) => retention.of(params.id))
  serve(app, authorize, retentionCalls.setRetention, ({ params, body }) => retention.set(params.id, body.days))
}
