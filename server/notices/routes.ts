import type { Hono } from 'hono'
import type { UserId } from '#shared/base/ids.ts'
import { noticeCalls } from '#shared/notices/api.ts'
import type { Notice } from '#shared/notices/schema.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'

export function noticeRoutes(app: Hono<AppEnv>, authorize: Authorize, notices: (userId: UserId) => Promise<Notice[]>): void {
  serve(app, authorize, noticeCalls.listNotices, async ({ principal }) => ({ notices: await notices(principal.userId) }))
}
