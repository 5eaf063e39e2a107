import { ShieldCheck } from 'lucide-react'
import { Suspense } from 'react'
import type { Approval } from '#shared/approvals/schema.ts'
import { useEditors } from '../../approvals/use-editors.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { Empty } from '../../ui/empty.tsx'
import { ApprovalCard, ApprovalSkeleton, useDeciders } from './room-approval.tsx'
import type { Room } from './use-room.ts'

function WaitingCard({ approval, room: { me, role, people } }: { approval: Approval; room: Room }) {
  const deciders = useDeciders(approval, people, me.id)
  const editing = useEditors(approval.id)
  return <ApprovalCard {...editing} approval={approval} me={me} role={role} deciders={deciders} where={approval.requestedBy.agentName} />
}

/** Every request that waits in this room: on narrow screens a pane of its own. */
export default function RoomApprovals({ room }: { room: Room }) {
  const { t } = useTranslation('room')
  if (room.approvals.length === 0) {
    return <Empty className="flex-1" icon={<ShieldCheck />} title={t('nothingWaits')} text={t('nothingWaitsText')} />
  }
  return (
    <ul className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      {room.approvals.map((approval) => (
        <li key={approval.id}>
          <Suspense fallback={<ApprovalSkeleton />}>
            <WaitingCard approval={approval} room={room} />
          </Suspense>
        </li>
      ))}
    </ul>
  )
}
