import { ShieldCheck } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { Role } from '#shared/projects/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { ApprovedCall } from '../../approvals/approved-call.tsx'
import { useDocValue } from '../../base/use-document.ts'
import { Empty } from '../../ui/empty.tsx'
import type { Room } from './use-room.ts'

type Props = { item: ApprovalItem; doc: Y.Doc; me: { id: UserId }; role: Role; as: 'card' | 'call' | 'votes' }

/** An approval where it was asked for, or in the call that it allowed: the item as it was pushed, with what became of it since. */
export function RoomApproval({ item, doc, me, role, as }: Props) {
  const state = useDocValue(
    doc,
    useCallback((from: Y.Doc) => readApprovalState(from, item.id), [item.id]),
    sessionStates,
  )
  const approval = { ...item.approval, status: item.status, ...state }
  if (as !== 'card') return <ApprovedCall approval={approval} withArguments={as === 'call'} />
  return <ApprovalCard approval={approval} me={me} role={role} />
}

/** Every request that waits in this room: on narrow screens a pane of its own. */
export function RoomApprovals({ room }: { room: Room }) {
  const { t } = useTranslation('room')
  if (room.approvals.length === 0) {
    return <Empty className="flex-1" icon={<ShieldCheck />} title={t('nothingWaits')} text={t('nothingWaitsText')} />
  }
  return (
    <ul className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      {room.approvals.map((approval) => (
        <li key={approval.id}>
          <ApprovalCard approval={approval} me={room.me} role={room.role} where={approval.requestedBy.agentName} />
        </li>
      ))}
    </ul>
  )
}
