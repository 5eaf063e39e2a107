import type { ApprovalStatus } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ApprovalId, ItemId, ProjectId, RuleId, SessionId, UserId } from '#shared/base/ids.ts'
import { projectLimits } from '#shared/projects/doc.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { JobQueue } from '../jobs/port.ts'
import type { Leases } from '../rooms/port.ts'
import type { Sessions } from '../sessions/service.ts'
import type { Documents } from '../sync/port.ts'
import { createDeciding } from './deciding.ts'
import { createGrants } from './grants.ts'
import type { ApprovalRuns } from './port.ts'
import { levelApprovals } from './projection.ts'
import { createRequests } from './requests.ts'
import * as rules from './rules-store.ts'
import { createShowing } from './showing.ts'
import * as store from './store.ts'
import { createVoteActions } from './vote-actions.ts'

export type Approvals = ReturnType<typeof createApprovals>

export function createApprovals(deps: {
  database: Database
  documents: Documents
  outbox: Pick<Outbox, 'add'>
  jobs: JobQueue
  sessions: Sessions
  leases: Pick<Leases, 'tryHold'>
  clock: Clock
  log: Logger
}) {
  const { database, documents, outbox, jobs, sessions, leases, clock, log } = deps
  let runs: ApprovalRuns | undefined

  const connected = () => {
    if (!runs) throw new Error('approvals are not connected to runs')
    return runs
  }

  documents.onLoad('project', async ({ projectId }, doc) => {
    const pending = await store.pendingOfProject(database.db, projectId, projectLimits.approvals)
    doc.transact(() => levelApprovals(doc, pending))
  })

  const showing = createShowing({ documents, sessions, log })
  const { keepItem, show, publish } = showing
  const { decide, edit, expire } = createDeciding({ database, outbox, clock, showing, runs: connected })

  return {
    ...createVoteActions({ database, outbox, jobs, clock, keepItem, show, runs: connected }),
    ...createGrants({ clock, keepItem, publish }),
    ...createRequests({ outbox, jobs, clock, showing }),
    decide,
    edit,
    connect(port: ApprovalRuns): void {
      runs = port
    },
    shown: showing.shown,

    find: (tx: Db, ids: readonly ApprovalId[]) => store.findApprovals(tx, ids),
    rulesFor: (projectId: ProjectId, tool: string) => rules.rulesFor(database.db, projectId, tool),

    /** The rules of a project, as a profile is told of them. */
    permissionsOf: (projectId: ProjectId) => rules.permissionsOf(database.db, projectId),
    listRules: (projectId: ProjectId) => rules.listRules(database.db, projectId),
    /** Revoking again changes nothing. @throws AppError `not_found` */
    async revokeRule(projectId: ProjectId, id: RuleId): Promise<void> {
      if (!(await rules.revokeRule(database.db, projectId, id, clock.now()))) throw new AppError('not_found', 'This rule does not exist.')
    },

    async statesOf(_sessionId: SessionId, items: readonly ItemId[]): Promise<Record<string, unknown>> {
      const found = await store.findApprovals(database.db, items.map(store.approvalOf))
      return Object.fromEntries(found.map((approval) => [store.itemOf(approval.id), store.stateOf(approval)]))
    },

    list: (userId: UserId, filter: { projectId?: ProjectId; status?: ApprovalStatus }) => store.listApprovals(database.db, userId, filter, 200),

    /** Ends what waited too long, as a denial, in the rooms that are here or nobody's. Safe to call at any time, on every process. */
    async expire(): Promise<void> {
      for (const { id, sessionId, projectId } of await store.overdue(database.db, clock.now())) {
        const hold = await leases.tryHold(projectId)
        await (hold && expire(id, sessionId).finally(hold.release))
      }
    },
  }
}
