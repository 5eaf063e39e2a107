import type { Logger } from '../base/logger.ts'
import { defineFeature } from '../features/define-feature.ts'
import { jobOf } from '../jobs/define-job.ts'
import { expireApprovals } from './jobs.ts'
import { approvalRoutes } from './routes.ts'
import type { Approvals } from './service.ts'

export const approvalsFeature = ({ approvals, log }: { approvals: Approvals; log: Logger }) =>
  defineFeature({
    name: 'approvals',
    routes: (app, authorize) => approvalRoutes(app, authorize, approvals),
    jobs: [jobOf(expireApprovals, () => approvals.expire(), { everyMinute: true, inRooms: true })],
    // What ran out of time while no server was there.
    start: () => approvals.expire().catch((error: unknown) => log.error({ err: error }, 'ending overdue requests failed')),
  })
