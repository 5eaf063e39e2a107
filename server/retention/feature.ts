import { z } from 'zod'
import { defineFeature } from '../features/define-feature.ts'
import { defineJob, jobOf } from '../jobs/define-job.ts'
import { retentionRoutes } from './routes.ts'
import type { RetentionService } from './service.ts'

/** Never planned: done each minute. */
const cleanHistory = defineJob('clean-history', z.object({}))

export const retentionFeature = (retention: RetentionService) =>
  defineFeature({
    name: 'retention',
    routes: (app, authorize) => retentionRoutes(app, authorize, retention),
    jobs: [jobOf(cleanHistory, () => retention.clean(), { everyMinute: true, inRooms: true })],
    stop: [{ name: 'retention', stop: () => retention.stop(), withinMs: 300 }],
  })
