import type { Hono } from 'hono'
import { modelCalls } from '#shared/models/api.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import type { ModelList } from './port.ts'

export function modelRoutes(app: Hono<AppEnv>, authorize: Authorize, models: ModelList): void {
  serve(app, authorize, modelCalls.listModels, () => models.list())
}
