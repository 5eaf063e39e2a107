import { useCallback } from 'react'
import type * as Y from 'yjs'
import type { Role } from '#shared/projects/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { useDocValue } from '../../base/use-document.ts'

/** An approval where it was asked for: the item as it was pushed, with what became of it since. */
export function RoomApproval({ item, doc, me, role }: { item: ApprovalItem; doc: Y.Doc; me: { id: UserId }; role: Role }) {
  const state = useDocValue(
    doc,
    useCallback((from: Y.Doc) => readApprovalState(from, item.id), [item.id]),
    sessionStates,
  )
  return <ApprovalCard approval={{ ...item.approval, status: item.status, ...state }} me={me} role={role} />
}
