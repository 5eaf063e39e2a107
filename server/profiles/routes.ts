import type { Hono } from 'hono'
import { profileCalls } from '#shared/profiles/api.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import { serve } from '../http/serve.ts'
import { describeProfile } from './describe.ts'
import type { ProfileResolver } from './resolver.ts'

export function profileRoutes(
  app: Hono<AppEnv>,
  authorize: Authorize,
  { profiles, tenantId }: { profiles: ProfileResolver; tenantId: string },
): void {
  serve(app, authorize, profileCalls.listAgents, async () => ({ agents: (await profiles.list(tenantId)).map(describeProfile) }))
}
