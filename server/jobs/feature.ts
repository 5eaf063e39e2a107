import { defineFeature } from '../features/define-feature.ts'
import type { Jobs } from './service.ts'

export const jobsFeature = (jobs: Jobs) =>
  defineFeature({
    name: 'jobs',
    on: { 'job.planned': jobs.send },
    start: jobs.start,
    stop: [{ name: 'jobs', stop: jobs.stop, withinMs: 500 }],
  })
