import { z } from 'zod'
import type { Approval } from '#shared/approvals/schema.ts'
import { ApprovalId } from '#shared/base/ids.ts'
import type { Db } from '../db/port.ts'
import type { JobQueue } from '../jobs/port.ts'
import { defineJob } from '../jobs/define-job.ts'

export const expireApprovals = defineJob('expire-approvals', z.object({ approvalId: ApprovalId }))

/** In the transaction that gives it this end. */
export async function planExpiry(tx: Db, jobs: JobQueue, { id, expiresAt }: Approval): Promise<void> {
  if (expiresAt === null) return
  await jobs.plan(tx, expireApprovals, { payload: { approvalId: id }, key: `${id} ${expiresAt}`, at: expiresAt })
}
