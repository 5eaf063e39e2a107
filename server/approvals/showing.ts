import type { Approval } from '#shared/approvals/schema.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { Logger } from '../base/logger.ts'
import type { Db } from '../db/port.ts'
import type { SessionChange } from '../sessions/port.ts'
import type { Sessions } from '../sessions/service.ts'
import { findItem, replaceItem } from '../sessions/store.ts'
import type { Documents } from '../sync/port.ts'
import type { Shown } from './port.ts'
import { showApproval } from './projection.ts'
import * as store from './store.ts'

export type Showing = ReturnType<typeof createShowing>

/** Approvals as people see them: in the room, and as items of their session. */
export function createShowing({ documents, sessions, log }: { documents: Documents; sessions: Sessions; log: Logger }) {
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

  /** Its item, as it stands in the session. */
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

  function show(done: Shown): Approval {
    const { approval, stored } = done
    void sessions.publish.show(approval.sessionId, [{ kind: 'items', items: stored }, shown(approval), ...(done.shown?.() ?? [])])
    done.after?.()
    return done.approval
  }

  return {
    shown,
    toItem,
    keepItem,
    show,
    publish: (approval: Approval) => void sessions.publish.show(approval.sessionId, [shown(approval)]),
  }
}

async function seqOfItem(tx: Db, approval: Approval): Promise<number> {
  return (await findItem(tx, store.itemOf(approval.id)))?.seq ?? 0
}
