import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { defineFeature } from '../features/define-feature.ts'
import { readNotices } from './read-notices.ts'
import { noticeRoutes } from './routes.ts'

export const noticesFeature = (deps: { database: Database; clock: Clock }) =>
  defineFeature({ name: 'notices', routes: (app, authorize) => noticeRoutes(app, authorize, (userId) => readNotices(deps, userId)) })
