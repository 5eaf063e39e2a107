import type { Approval, ApprovalEdit, ApprovalStatus, Decided, Decision } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ApprovalId, ItemId, ProjectId, RuleId, RunId, SessionId, StepId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { can } from '#shared/projects/roles.ts'
import { projectLimits } from '#shared/projects/doc.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database, Db } from '../db/port.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { Leases } from '../rooms/port.ts'
import type { SessionChange } from '../sessions/port.ts'
import type { Sessions } from '../sessions/service.ts'
import { appendItems, findItem, lockSession, replaceItem } from '../sessions/store.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'
import type { Documents } from '../sync/port.ts'
import { createVoteActions } from './vote-actions.ts'
import type { ApprovalRuns, By, Shown } from './port.ts'
import { changeArgs, checkSeen } from './edit.ts'
import { digestOf } from './digest.ts'
import { createGrants } from './grants.ts'
import { levelApprovals, showApproval } from './projection.ts'
import * as rules from './rules-store.ts'
import * as store from './store.ts'
import { verdict, whyNot } from './verdict.ts'

/** How long a request waits for people before it counts as denied. */
const expiresAfterMs = 7 * 86_400_000

type Request = Pick<
  Approval,
  'projectId' | 'sessionId' | 'runId' | 'stepId' | 'tool' | 'verb' | 'title' | 'risk' | 'reasons' | 'covers' | 'requestedBy'
> & {
  args: unknown
}

export type Approvals = ReturnType<typeof createApprovals>

export function createApprovals(deps: {
  database: Database
  documents: Documents
  sessions: Sessions
  leases: Pick<Leases, 'tryHold'>
  clock: Clock
  log: Logger
}) {
  const { database, documents, sessions, leases, clock, log } = deps
  let runs: ApprovalRuns | undefined
  let onRequest: ((approval: Approval) => void) | undefined

  const connected = () => {
    if (!runs) throw new Error('approvals are not connected to runs')
    return runs
  }

  documents.onLoad('project', async ({ projectId }, doc) => {
    const pending = await store.pendingOfProject(database.db, projectId, projectLimits.approvals)
    doc.transact(() => levelApprovals(doc, pending))
  })

  /** Shows an approval as it is in the room. Never throws. @returns what its session is to show with it */
  function shown(approval: Approval): SessionChange {
    void showInRoom(approval)
    return { kind: 'state', id: store.itemOf(approval.id), state: store.stateOf(approval) }
  }

  async function showInRoom(approval: Approval): Promise<void> {
    try {
      await documents.write({ kind: 'project', projectId: approval.projectId }, (doc) => showApproval(doc, approval))
    } catch (error) {
      logProjectionError(log, { approvalId: approval.id }, error, 'the approvals of the room could not be brought up to date')
    }
  }

  const toItem = (approval: Approval, seq: number): ApprovalItem => ({
    type: 'approval',
    id: store.itemOf(approval.id),
    seq,
    runId: approval.runId,
    createdAt: approval.createdAt,
    finishedAt: approval.createdAt,
    approval,
    status: approval.status,
  })

  /** Brings the stored item level, within the transaction that changed the approval. */
  async function keepItem(tx: Db, approval: Approval): Promise<void> {
    await replaceItem(tx, toItem(approval, await seqOfItem(tx, approval)))
  }

  async function settle(
    tx: Db,
    session: SessionRow,
    approval: Approval,
    status: Exclude<ApprovalStatus, 'pending'>,
    more: Pick<Approval, 'reason' | 'scope'>,
  ) {
    const at = clock.now()
    if (!(await store.settleApproval(tx, approval.id, status, at, more))) throw decided()
    const settled: Approval = { ...approval, status, decidedAt: at, ...more }
    await keepItem(tx, settled)
    const went = await connected().settled(tx, session, settled)
    const stored = await appendItems(tx, session.id, went.items, at)
    return { approval: settled, stored, held: went.held, shown: went.shown, after: went.after }
  }

  function show(done: Shown): Approval {
    const { approval, stored } = done
    void sessions.publish.show(approval.sessionId, [{ kind: 'items', items: stored }, shown(approval), ...(done.shown?.() ?? [])])
    done.after?.()
    return done.approval
  }

  async function expireOne(id: ApprovalId, sessionId: SessionId): Promise<void> {
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId)
      const locked = await store.lockApproval(tx, id)
      if (!session || locked?.approval.status !== 'pending') return undefined
      // It may have been given more time in between.
      if ((locked.approval.expiresAt ?? Infinity) > clock.now()) return undefined
      return settle(tx, session, locked.approval, 'expired', { reason: 'nobody decided in time' })
    })
    if (done) show(done)
  }

  const publish = (approval: Approval) => void sessions.publish.show(approval.sessionId, [shown(approval)])
  const grants = createGrants({ clock, keepItem, publish })
  const beside = createVoteActions({ database, clock, keepItem, show, runs: connected, onExtended: (approval) => onRequest?.(approval) })

  /** What somebody wants to decide or edit. */
  async function findToChange(id: ApprovalId, by: By): Promise<Approval> {
    const found = await store.findApproval(database.db, id)
    if (!found) throw new AppError('not_found', 'This request does not exist.')
    const refused = whyNot(found, by.id, by.role)
    if (refused) throw new AppError('forbidden', refused)
    if (found.status !== 'pending') throw decided()
    return found
  }

  return {
    ...beside,
    ...grants,
    connect(port: ApprovalRuns): void {
      runs = port
    },
    /** Called after a request was stored, or got another end: its expiry can be planned. */
    onRequested(listener: (approval: Approval) => void): void {
      onRequest = listener
    },
    shown,

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
      const { seq: _, ...item } = toItem(approval, 0)
      return { approval, item }
    },
    /** After that transaction's commit. */
    requested(approval: Approval): void {
      publish(approval)
      onRequest?.(approval)
    },

    /** Withdraws what still waits of a run's steps, within a transaction; each is shown after the commit. */
    async cancelOf(tx: Db, runId: RunId, stepIds: readonly StepId[]): Promise<Approval[]> {
      const at = clock.now()
      const cancelled: Approval[] = []
      for (const approval of await store.pendingOfRun(tx, runId)) {
        if (!stepIds.includes(approval.stepId)) continue
        if (!(await store.settleApproval(tx, approval.id, 'cancelled', at))) continue
        const settled: Approval = { ...approval, status: 'cancelled', decidedAt: at }
        await keepItem(tx, settled)
        cancelled.push(settled)
      }
      return cancelled
    },

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

    /**
     * One person's vote. With it the approval is decided when the quorum is reached, or denied at once.
     * @throws AppError `conflict` when it was decided, expired or withdrawn before, or when other arguments were read than it has
     *   now; `forbidden` for who may not decide it
     */
    async decide(id: ApprovalId, by: By, decision: Decision): Promise<Decided> {
      const before = await findToChange(id, by)
      checkScope(decision, by.role)
      const checked = decision.args === undefined ? undefined : await connected().checkArgs(before.runId, before.tool, decision.args)
      const done = await database.transaction(async (tx) => {
        const session = await lockSession(tx, before.sessionId)
        const locked = await store.lockApproval(tx, id)
        if (!session || locked?.approval.status !== 'pending') throw decided()
        const now = clock.now()
        checkSeen(locked.approval, decision.digest)
        const { version, ...read } = checked ? await changeArgs(tx, locked, checked, by, now) : locked
        let { approval } = read
        const reason = decision.reason === undefined ? {} : { reason: decision.reason }
        const vote = { by: by.id, name: by.name, decision: decision.decision, at: now, ...reason, ...(by.key && { key: by.key }) }
        await store.castVote(tx, id, version, vote)
        approval = { ...approval, votes: [...approval.votes.filter((other) => other.by !== by.id), vote] }
        const voters = approval.votes.map((cast) => cast.by)
        const outcome = verdict(approval, await store.rolesOf(tx, approval.projectId, voters))
        const scope = decision.scope ?? approval.covers ?? 'once'
        if (outcome === 'approved' && scope === 'always') {
          const { projectId, tool, risk: maxRisk } = approval
          await rules.addRule(tx, { id: newId<RuleId>('rul', now), projectId, tool, permission: 'allow', maxRisk, createdBy: by.id, createdAt: now })
        }
        if (outcome) return settle(tx, session, approval, outcome, { ...reason, ...(outcome === 'approved' && { scope }) })
        await keepItem(tx, approval)
        return { approval, stored: [], held: false }
      })
      return { ...show(done), ...(done.held && done.approval.status === 'approved' && { takeBack: true }) }
    },

    /**
     * Other arguments for a request that waits, without a vote. The same ones change nothing.
     * @throws AppError as `decide`; `invalid_input` when they are no arguments of the tool
     */
    async edit(id: ApprovalId, by: By, { args, digest }: ApprovalEdit): Promise<Approval> {
      const before = await findToChange(id, by)
      const checked = await connected().checkArgs(before.runId, before.tool, args)
      const done = await database.transaction(async (tx) => {
        const session = await lockSession(tx, before.sessionId)
        const locked = await store.lockApproval(tx, id)
        if (!session || locked?.approval.status !== 'pending') throw decided()
        checkSeen(locked.approval, digest)
        const edited = await changeArgs(tx, locked, checked, by, clock.now())
        if (edited.changed) await keepItem(tx, edited.approval)
        return edited
      })
      return done.changed ? show({ approval: done.approval, stored: [] }) : done.approval
    },

    /** Ends what waited too long, as a denial, in the rooms that are here or nobody's. Safe to call at any time, on every process. */
    async expire(): Promise<void> {
      for (const { id, sessionId, projectId } of await store.overdue(database.db, clock.now())) {
        const hold = await leases.tryHold(projectId)
        await (hold && expireOne(id, sessionId).finally(hold.release))
      }
    },
  }
}

const decided = () => new AppError('conflict', 'This was already decided.')

function checkScope(decision: Decision, role: Role): void {
  if (decision.scope && decision.scope !== 'once' && decision.decision !== 'approve')
    throw new AppError('invalid_input', `"${decision.scope}" goes with "approve": it says how far the approval reaches`)
  if (decision.scope !== 'always') return
  if (!can(role, 'policy.manage')) throw new AppError('forbidden', 'Only owners can add a rule for the whole project. Approve it once instead.')
}

async function seqOfItem(tx: Db, approval: Approval): Promise<number> {
  return (await findItem(tx, store.itemOf(approval.id)))?.seq ?? 0
}
