import { ShieldCheck } from 'lucide-react'
import { lazy, Suspense, useCallback } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { Role } from '#shared/projects/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { useDocValue } from '../../base/use-document.ts'
import { Empty, Skeleton } from '../../ui/empty.tsx'
import type { Room } from './use-room.ts'

// Most visits of a room meet no request.
const ApprovalCard = lazy(() => import('../../approvals/approval-card.tsx').then((file) => ({ default: file.ApprovalCard })))
const ApprovedCall = lazy(() => import('../../approvals/approved-call.tsx').then((file) => ({ default: file.ApprovedCall })))

type Props = { item: ApprovalItem; doc: Y.Doc; me: { id: UserId }; role: Role; as: 'card' | 'call' | 'votes' }

/** An approval where it was asked for, or in the call that it allowed: the item as it was pushed, with what became of it since. */
export function RoomApproval({ item, doc, me, role, as }: Props) {
  const state = useDocValue(
    doc,
    useCallback((from: Y.Doc) => readApprovalState(from, item.id), [item.id]),
    sessionStates,
  )
  const approval = { ...item.approval, status: item.status, ...state }
  return (
    <Suspense fallback={<ApprovalSkeleton />}>
      {as === 'card' ? <ApprovalCard approval={approval} me={me} role={role} /> : <ApprovedCall approval={approval} withArguments={as === 'call'} />}
    </Suspense>
  )
}

function ApprovalSkeleton() {
  const { t } = useTranslation('approvals')
  return <Skeleton label={t('loading')} lines={3} />
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
          <Suspense fallback={<ApprovalSkeleton />}>
            <ApprovalCard approval={approval} me={room.me} role={room.role} where={approval.requestedBy.agentName} />
          </Suspense>
        </li>
      ))}
    </ul>
  )
}
