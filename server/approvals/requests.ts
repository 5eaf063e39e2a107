import type { Approval } from '#shared/approvals/schema.ts'
import type { ApprovalId, RunId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Clock } from '../base/clock.ts'
import type { Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { JobQueue } from '../jobs/port.ts'
import type { NewItem } from '../sessions/store.ts'
import { digestOf } from './digest.ts'
import { requestedEvent, settledEvent } from './events.ts'
import { planExpiry } from './jobs.ts'
import type { Showing } from './showing.ts'
import * as store from './store.ts'

/** How long a request waits for people before it counts as denied. */
const expiresAfterMs = 7 * 86_400_000

type Request = Pick<
  Approval,
  'projectId' | 'sessionId' | 'runId' | 'stepId' | 'tool' | 'verb' | 'title' | 'risk' | 'reasons' | 'covers' | 'requestedBy'
> & {
  args: unknown
}

type Deps = { outbox: Pick<Outbox, 'add'>; jobs: JobQueue; clock: Clock; showing: Showing }

/** How runs ask people, and take back what they asked. */
export function createRequests({ outbox, jobs, clock, showing }: Deps) {
  const { toItem, keepItem, publish } = showing
  return {
    /** In the transaction that makes its step wait. */
    async request(tx: Db, request: Request): Promise<{ approval: Approval; item: NewItem }> {
      const now = clock.now()
      const approval: Approval = {
        ...request,
        digest: digestOf(request.args),
        id: newId<ApprovalId>('apr', now),
        status: 'pending',
        decidableBy: 'editor',
        quorum: 1,
        fourEyes: false,
        votes: [],
        createdAt: now,
        expiresAt: now + expiresAfterMs,
        decidedAt: null,
      }
      await store.insertApproval(tx, approval)
      await outbox.add(tx, requestedEvent(approval))
      await planExpiry(tx, jobs, approval)
      const { seq: _, ...item } = toItem(approval, 0)
      return { approval, item }
    },
    /** After that transaction's commit. */
    requested(approval: Approval): void {
      publish(approval)
    },

    /** Withdraws what still waits of a run's steps, within a transaction; each is shown after the commit. */
    async cancelOf(tx: Db, runId: RunId, stepIds: readonly StepId[]): Promise<Approval[]> {
      const at = clock.now()
      const cancelled: Approval[] = []
      for (const approval of await store.pendingOfRun(tx, runId)) {
        if (!stepIds.includes(approval.stepId)) continue
        if (!(await store.settleApproval(tx, approval.id, 'cancelled', at))) continue
        const settled: Approval = { ...approval, status: 'cancelled', decidedAt: at }
        await outbox.add(tx, settledEvent(approval, 'cancelled'))
        await keepItem(tx, settled)
        cancelled.push(settled)
      }
      return cancelled
    },
  }
}
