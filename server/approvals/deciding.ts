import type { Approval, ApprovalEdit, ApprovalStatus, Decided, Decision } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ApprovalId, RuleId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import { rolesOf } from '../projects/queries.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { SessionRow } from '../sessions/store.ts'
import { changeArgs, checkSeen } from './edit.ts'
import { settledEvent } from './events.ts'
import type { ApprovalRuns, By } from './port.ts'
import * as rules from './rules-store.ts'
import type { Showing } from './showing.ts'
import * as store from './store.ts'
import { verdict, whyNot } from './verdict.ts'

type Deps = { database: Database; outbox: Pick<Outbox, 'add'>; clock: Clock; showing: Showing; runs(): ApprovalRuns }

/** How requests come to their end: by votes, or by time. */
export function createDeciding({ database, outbox, clock, showing, runs }: Deps) {
  const { keepItem, show } = showing

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
    await outbox.add(tx, settledEvent(approval, status))
    await keepItem(tx, settled)
    const went = await runs().settled(tx, session, settled)
    const stored = await appendItems(tx, session.id, went.items, at)
    return { approval: settled, stored, held: went.held, shown: went.shown, after: went.after }
  }

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
    /**
     * One person's vote. With it the approval is decided when the quorum is reached, or denied at once.
     * @throws AppError `conflict` when it was decided, expired or withdrawn before, or when other arguments were read than it has
     *   now; `forbidden` for who may not decide it
     */
    async decide(id: ApprovalId, by: By, decision: Decision): Promise<Decided> {
      const before = await findToChange(id, by)
      checkScope(decision, by.role)
      const checked = decision.args === undefined ? undefined : await runs().checkArgs(before.runId, before.tool, decision.args)
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
        const outcome = verdict(approval, await rolesOf(tx, approval.projectId, voters))
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
      const checked = await runs().checkArgs(before.runId, before.tool, args)
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

    /** Ends a request that waited too long, as a denial. Nothing happens to one that was decided, or given more time, in between. */
    async expire(id: ApprovalId, sessionId: SessionId): Promise<void> {
      const done = await database.transaction(async (tx) => {
        const session = await lockSession(tx, sessionId)
        const locked = await store.lockApproval(tx, id)
        if (!session || locked?.approval.status !== 'pending') return undefined
        // It may have been given more time in between.
        if ((locked.approval.expiresAt ?? Infinity) > clock.now()) return undefined
        return settle(tx, session, locked.approval, 'expired', { reason: 'nobody decided in time' })
      })
      if (done) show(done)
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
