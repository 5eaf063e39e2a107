import { defineFeature } from '../features/define-feature.ts'
import { retentionRoutes } from './routes.ts'
import type { RetentionService } from './service.ts'

export const retentionFeature = (retention: RetentionService) =>
  defineFeature({
    name: 'retention',
    routes: (app, authorize) => retentionRoutes(app, authorize, retention),
    jobs: [{ name: 'clean-history', work: () => retention.clean() }],
    stop: [{ name: 'retention', stop: () => retention.stop(), withinMs: 300 }],
  })
