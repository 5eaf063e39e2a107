import { and, asc, desc, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Approval, ApprovalState, ApprovalStatus, Vote } from '#shared/approvals/schema.ts'
import type { ApprovalId, ItemId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { nameOf } from '../auth/queries.ts'
import type { Db } from '../db/port.ts'
import { projectsWith } from '../projects/queries.ts'
import { clean } from '../sessions/clean.ts'
import { verbOf } from '../tools/present.ts'
import { digestOf } from './digest.ts'
import { approvalVotes, approvals } from './table.ts'

type Row = typeof approvals.$inferSelect

/** The item that shows an approval has the same UUID. */
export const itemOf = (id: ApprovalId) => `itm_${id.slice(4)}` as ItemId
export const approvalOf = (id: ItemId) => `apr_${id.slice(4)}` as ApprovalId

/** What changes about an approval, as `states` of the session's document hold it. */
export function stateOf(approval: Approval): ApprovalState {
  const { status, args, title, digest, risk, reasons, scope, grantEnded, editedBy, asked, votes, decidedAt, reason, expiresAt, notes } = approval
  const more = {
    ...(digest && { digest }),
    ...(reasons && { reasons }),
    ...(scope && { scope }),
    ...(grantEnded && { grantEnded }),
    ...(editedBy && { editedBy, asked, title }),
    ...(reason !== undefined && { reason }),
    ...(notes && { notes }),
  }
  return { status, args: args ?? null, risk, votes, decidedAt, expiresAt, ...more }
}

/** Votes for the arguments as they are now; a vote for earlier ones no longer counts. */
async function withVotes(db: Db, rows: readonly Row[]): Promise<Approval[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const votes = await db
    .select({ vote: approvalVotes, name: nameOf(approvalVotes.userId) })
    .from(approvalVotes)
    .where(inArray(approvalVotes.approvalId, ids))
    .orderBy(asc(approvalVotes.at))
  return rows.map((row) => {
    const own = votes.filter(({ vote }) => vote.approvalId === row.id && vote.version === row.version)
    const counted = own.map(({ vote, name }): Vote => ({
      by: vote.userId,
      name,
      decision: vote.decision,
      at: vote.at,
      ...(vote.reason !== null && { reason: vote.reason }),
      ...(vote.keyName !== null && { key: vote.keyName }),
    }))
    const args = row.data.args ?? null
    const verb = row.data.verb ?? verbOf(row.data.tool)
    return { ...row.data, ...(verb && { verb }), args, digest: digestOf(args), status: row.status, votes: counted, decidedAt: row.decidedAt }
  })
}

export async function insertApproval(tx: Db, approval: Approval): Promise<void> {
  const { status, votes: _, decidedAt, ...data } = approval
  const { id, projectId, sessionId, runId, stepId, createdAt } = approval
  await tx.insert(approvals).values({ id, projectId, sessionId, runId, stepId, status, data: clean(data), createdAt, decidedAt })
}

/** Holds the row until the transaction ends. */
export async function lockApproval(tx: Db, id: ApprovalId): Promise<{ approval: Approval; version: number } | undefined> {
  const [row] = await tx.select().from(approvals).where(eq(approvals.id, id)).for('update')
  const [approval] = row ? await withVotes(tx, [row]) : []
  return row && approval ? { approval, version: row.version } : undefined
}

export async function findApproval(db: Db, id: ApprovalId): Promise<Approval | undefined> {
  return (await withVotes(db, await db.select().from(approvals).where(eq(approvals.id, id))))[0]
}

export async function findApprovals(db: Db, ids: readonly ApprovalId[]): Promise<Approval[]> {
  if (ids.length === 0) return []
  return withVotes(
    db,
    await db
      .select()
      .from(approvals)
      .where(inArray(approvals.id, [...ids])),
  )
}

export async function castVote(tx: Db, id: ApprovalId, version: number, vote: Vote): Promise<void> {
  const { reason = null, key: keyName = null } = vote
  const values = { approvalId: id, userId: vote.by, version, decision: vote.decision, reason, keyName, at: vote.at }
  await tx
    .insert(approvalVotes)
    .values(values)
    .onConflictDoUpdate({
      target: [approvalVotes.approvalId, approvalVotes.userId],
      set: { version, decision: vote.decision, reason, keyName, at: vote.at },
    })
}

/** What the agent asked, however often it was edited since. */
export const askedOf = (approval: Approval): unknown => (approval.editedBy ? approval.asked : approval.args) ?? null

/** Stores it with other arguments; votes for the earlier ones stop counting. Gives the version for which votes count now. */
export async function editArgs(tx: Db, approval: Approval): Promise<number> {
  const { status: _s, votes: _v, decidedAt: _d, ...data } = approval
  const [row] = await tx
    .update(approvals)
    .set({ data: clean(data), version: sql`${approvals.version} + 1` })
    .where(eq(approvals.id, approval.id))
    .returning({ version: approvals.version })
  return row?.version ?? 0
}

/** The vote of one person no longer counts. */
export async function dropVote(tx: Db, id: ApprovalId, by: UserId): Promise<void> {
  await tx.delete(approvalVotes).where(and(eq(approvalVotes.approvalId, id), eq(approvalVotes.userId, by)))
}

/** Stores what people did about it, and until when it waits. */
export async function keepNotes(tx: Db, { id, notes = [], expiresAt }: Pick<Approval, 'id' | 'notes' | 'expiresAt'>): Promise<void> {
  await tx
    .update(approvals)
    .set({ data: sql`${approvals.data} || ${JSON.stringify({ notes: clean(notes), expiresAt })}::jsonb` })
    .where(eq(approvals.id, id))
}

/** From approved back to pending; false when it is not approved. */
export async function reopenApproval(tx: Db, id: ApprovalId): Promise<boolean> {
  const reopened = await tx
    .update(approvals)
    .set({ status: 'pending', decidedAt: null, data: sql`${approvals.data} - 'reason' - 'scope' - 'grantEnded'` })
    .where(and(eq(approvals.id, id), eq(approvals.status, 'approved')))
    .returning({ id: approvals.id })
  return reopened.length > 0
}

/** From pending to decided; false when it was decided already. */
export async function settleApproval(
  tx: Db,
  id: ApprovalId,
  status: Exclude<ApprovalStatus, 'pending'>,
  at: number,
  more: Pick<Approval, 'reason' | 'scope'> = {},
): Promise<boolean> {
  const settled = await tx
    .update(approvals)
    .set({ status, decidedAt: at, data: sql`${approvals.data} || ${JSON.stringify(clean(more))}::jsonb` })
    .where(and(eq(approvals.id, id), eq(approvals.status, 'pending')))
    .returning({ id: approvals.id })
  return settled.length > 0
}

export async function pendingOfRun(db: Db, runId: RunId): Promise<Approval[]> {
  return withVotes(
    db,
    await db
      .select()
      .from(approvals)
      .where(and(eq(approvals.runId, runId), eq(approvals.status, 'pending'))),
  )
}

/** What people approved of a tool for all of a run, as long as it holds; the newest first. */
export async function grantsOfRun(db: Db, runId: RunId, tool: string): Promise<Approval[]> {
  const data = (field: string) => sql`${approvals.data}->>${field}`
  const rows = await db
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.runId, runId),
        eq(approvals.status, 'approved'),
        eq(data('scope'), 'run'),
        eq(data('tool'), tool),
        isNull(sql`${approvals.data}->'grantEnded'`),
      ),
    )
    .orderBy(desc(approvals.decidedAt))
    .limit(20)
  return withVotes(db, rows)
}

export async function endGrant(tx: Db, id: ApprovalId, grantEnded: NonNullable<Approval['grantEnded']>): Promise<void> {
  await tx
    .update(approvals)
    .set({ data: sql`${approvals.data} || ${JSON.stringify({ grantEnded: clean(grantEnded) })}::jsonb` })
    .where(eq(approvals.id, id))
}

/** Newest first, of the projects a person is a member of. */
export async function listApprovals(
  db: Db,
  userId: UserId,
  filter: { projectId?: ProjectId; status?: ApprovalStatus },
  limit: number,
): Promise<Approval[]> {
  const rows = await db
    .select()
    .from(approvals)
    .where(
      and(
        inArray(approvals.projectId, projectsWith(db, userId)),
        filter.projectId ? eq(approvals.projectId, filter.projectId) : undefined,
        filter.status ? eq(approvals.status, filter.status) : undefined,
      ),
    )
    .orderBy(desc(approvals.createdAt), desc(approvals.id))
    .limit(limit)
  return withVotes(db, rows)
}

/** Oldest first. */
export async function pendingOfProject(db: Db, projectId: ProjectId, limit: number): Promise<Approval[]> {
  const rows = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.projectId, projectId), eq(approvals.status, 'pending')))
    .orderBy(asc(approvals.createdAt))
    .limit(limit)
  return withVotes(db, rows)
}

/** Pending approvals whose time is over, with the session each belongs to. */
export async function overdue(db: Db, now: number): Promise<{ id: ApprovalId; sessionId: SessionId; projectId: ProjectId }[]> {
  return db
    .select({ id: approvals.id, sessionId: approvals.sessionId, projectId: approvals.projectId })
    .from(approvals)
    .where(and(eq(approvals.status, 'pending'), lte(sql`(${approvals.data}->>'expiresAt')::bigint`, now)))
    .limit(100)
}
