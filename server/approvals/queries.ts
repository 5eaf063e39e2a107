import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { UserId } from '#shared/base/ids.ts'
import type { CopiesOfNames } from '../db/copies-of-names.ts'
import type { Db } from '../db/port.ts'
import type { ResourceRows } from '../db/resource-rows.ts'
import { approvalVotes, approvals } from './table.ts'

export const approvalRows = {
  stored: { table: approvals, id: approvals.id, projectId: approvals.projectId },
  given: { sessionId: approvals.sessionId, runId: approvals.runId, approvalId: approvals.id },
} satisfies ResourceRows

export const namesInApprovals: CopiesOfNames[] = [{ table: approvals, column: approvals.data, project: sql`t.project_id` }]

/** Whoever voted by a key, and what they called it. */
export async function renameKeysOfVotes(tx: Db, userId: UserId, name: string): Promise<void> {
  await tx
    .update(approvalVotes)
    .set({ keyName: name })
    .where(and(eq(approvalVotes.userId, userId), isNotNull(approvalVotes.keyName)))
}
