import { approvalLimits, extensionsOf, mayExtend } from '#shared/approvals/limits.ts'
import type { Approval, ApprovalNote } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ApprovalId, UserId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Clock } from '../base/clock.ts'
import type { Database, Db } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import type { JobQueue } from '../jobs/port.ts'
import { memberOf } from '../projects/queries.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import type { SessionRow } from '../sessions/store.ts'
import { requestedEvent } from './events.ts'
import { planExpiry } from './jobs.ts'
import type { ApprovalRuns, By, Shown } from './port.ts'
import { revokeRuleOfVote } from './rules-store.ts'
import * as store from './store.ts'
import { withNote } from './notes.ts'
import { whyNot } from './verdict.ts'

type Deps = {
  database: Database
  outbox: Pick<Outbox, 'add'>
  jobs: JobQueue
  clock: Clock
  runs(): ApprovalRuns
  /** Brings the stored item level, within the transaction that changed the approval. */
  keepItem(tx: Db, approval: Approval): Promise<void>
  show(done: Shown): Approval
}

type Change = (Omit<Shown, 'stored'> & { stored?: Item[] }) | undefined

/** What people do about a request beside deciding it. Each is one transaction that holds the session and the approval. */
export function createVoteActions({ database, outbox, jobs, clock, runs, keepItem, show }: Deps) {
  /** `work` gives undefined when nothing is to be done; the approval is answered as it is then. */
  async function change(id: ApprovalId, work: (tx: Db, session: SessionRow, approval: Approval, now: number) => Promise<Change>) {
    const known = await store.findApproval(database.db, id)
    if (!known) throw missing()
    const done = await database.transaction(async (tx) => {
      const session = await lockSession(tx, known.sessionId)
      const locked = session && (await store.lockApproval(tx, id))
      if (!session || !locked) throw missing()
      const changed = await work(tx, session, locked.approval, clock.now())
      if (!changed) return { approval: locked.approval, changed: false, stored: [] }
      await store.keepNotes(tx, changed.approval)
      await keepItem(tx, changed.approval)
      return { stored: [], ...changed, changed: true }
    })
    return done.changed ? show(done) : done.approval
  }

  return {
    /**
     * The own approval no longer counts. One that was decided waits again, as long as its call has not begun; a rule that was made
     * with the vote is revoked. Without a vote of this person on a request that waits, nothing changes.
     * @throws AppError `conflict` when the call has begun, or the request ended another way
     */
    takeBack: (id: ApprovalId, by: By) =>
      change(id, async (tx, session, approval, now) => {
        const vote = approval.votes.find((cast) => cast.by === by.id && cast.decision === 'approve')
        if (approval.status === 'pending' && !vote) return undefined
        if (approval.status !== 'pending' && approval.status !== 'approved') throw new AppError('conflict', 'This was already decided.')
        if (!vote) throw new AppError('conflict', 'You did not approve this.')
        const note: ApprovalNote = { kind: 'taken_back', by: by.id, name: by.name, at: now, votedAt: vote.at }
        const { reason: _, scope: _scope, grantEnded: _ended, ...rest } = approval
        const votes = approval.votes.filter((cast) => cast.by !== by.id)
        const after = withNote({ ...rest, status: 'pending', decidedAt: null, votes }, note)
        await store.dropVote(tx, id, by.id)
        await revokeRuleOfVote(tx, approval.projectId, approval.tool, vote, now)
        if (approval.status === 'pending') return { approval: after }
        const went = await runs().takenBack(tx, session, after)
        if (!went || !(await store.reopenApproval(tx, id)))
          throw new AppError('conflict', 'It has already started, so your approval cannot be taken back. You can still stop the run.')
        await outbox.add(tx, requestedEvent(after))
        return { approval: after, shown: went.shown }
      }),

    /**
     * Ten minutes more. `seen` is the end that whoever asks saw: two who press at once add it once.
     * @throws AppError `conflict` when it is decided or over, when there is time enough, or when it was extended often enough
     */
    extend: (id: ApprovalId, by: By, seen: number) =>
      change(id, async (tx, _session, approval, now) => {
        const refused = whyNot(approval, by.id, by.role)
        if (refused) throw new AppError('forbidden', refused)
        if (approval.status !== 'pending') throw new AppError('conflict', 'This was already decided.')
        const { expiresAt } = approval
        if (expiresAt === null || expiresAt !== seen) return undefined
        if (expiresAt <= now) throw new AppError('conflict', 'This request has expired.')
        if (extensionsOf(approval) >= approvalLimits.extensions) throw new AppError('conflict', 'This request cannot be extended again.')
        if (!mayExtend(approval, now)) throw new AppError('conflict', 'There is enough time left. You can add more in the last five minutes.')
        const until = expiresAt + approvalLimits.extendMs
        const after = withNote({ ...approval, expiresAt: until }, { kind: 'extended', by: by.id, name: by.name, at: now, until })
        await planExpiry(tx, jobs, after)
        return { approval: after }
      }),

    /**
     * For what nobody decided in time: a run begins with the very call, which asks by the rules as they are now. While a run of the
     * session goes on, its agent is asked instead, in this person's name. Once for each request.
     */
    reRequest: (id: ApprovalId, by: By, text?: string) =>
      change(id, async (tx, session, approval, now) => {
        if (approval.status !== 'expired') throw new AppError('conflict', 'You can only ask again when nobody decided in time.')
        if (approval.notes?.some(({ kind }) => kind === 'asked_again')) return undefined
        const went = await runs().reRequest(tx, session, approval, by, text)
        const stored = await appendItems(tx, session.id, went.items, now)
        const note: ApprovalNote = { kind: 'asked_again', by: by.id, name: by.name, at: now, ...(went.runId && { runId: went.runId }) }
        return { approval: withNote(approval, note), stored, ...(went.shown && { shown: went.shown }), after: went.after }
      }),

    /**
     * Asks somebody who may decide.
     * @throws AppError `invalid_input` for who may not decide it; `rate_limited` when they were asked by this person just now
     */
    nudge: (id: ApprovalId, by: By, to: UserId) =>
      change(id, async (tx, _session, approval, now) => {
        if (approval.status !== 'pending') throw new AppError('conflict', 'This was already decided.')
        const asked = await memberOf(tx, approval.projectId, to)
        const cannot = asked ? whyNot(approval, to, asked.role) : 'They are not in this project.'
        if (!asked || cannot || to === by.id) throw new AppError('invalid_input', cannot ?? 'You can decide this yourself.')
        const last = approval.notes?.findLast((note) => note.kind === 'nudged' && note.by === by.id && note.to === to)
        const waitMs = last ? last.at + approvalLimits.nudgeEveryMs - now : 0
        if (waitMs > 0) throw new AppError('rate_limited', `You already asked ${asked.name}.`, { retryAfterS: Math.ceil(waitMs / 1000) })
        return { approval: withNote(approval, { kind: 'nudged', by: by.id, name: by.name, at: now, to, toName: asked.name }) }
      }),
  }
}

const missing = () => new AppError('not_found', 'This request does not exist.')
