import { Suspense, useCallback, useMemo } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { withStrings } from '../../i18n/translate.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { mayDecide } from '#shared/approvals/may-decide.ts'
import type { Approval, ApprovalState } from '#shared/approvals/schema.ts'
import type { RoomPerson } from '#shared/projects/doc.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { UserId } from '#shared/base/ids.ts'
import { readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import { useEditors } from '../../approvals/use-editors.ts'
import { useDocValue } from '../../sync/use-document.ts'
import { usePresentPart } from '../../sync/use-presence.ts'
import { Skeleton } from '../../ui/empty.tsx'

// Most visits of a room meet no request.
export const ApprovalCard = lazy(async () => ({
  default: (await withStrings(import('../../approvals/approval-card.tsx'), 'approvals')).ApprovalCard,
}))
const ApprovedCall = lazy(async () => ({ default: (await withStrings(import('../../approvals/approved-call.tsx'), 'approvals')).ApprovedCall }))

type Props = {
  item: ApprovalItem
  doc: Y.Doc
  me: { id: UserId }
  role: Role
  as: 'card' | 'call' | 'votes'
  people: readonly RoomPerson[]
}

/** An approval where it was asked for, or in the call that it allowed: the item as it was pushed, with what became of it since. */
export function RoomApproval({ item, doc, me, role, as, people }: Props) {
  const state = useDocValue(
    doc,
    useCallback((from: Y.Doc) => readApprovalState(from, item.id), [item.id]),
    sessionStates,
  )
  const approval = withState(item, state)
  const deciders = useDeciders(approval, people, me.id)
  const editing = useEditors(approval.id)
  return (
    <Suspense fallback={<ApprovalSkeleton />}>
      {as === 'card' ? (
        <ApprovalCard approval={approval} me={me} role={role} deciders={deciders} {...editing} />
      ) : (
        <ApprovedCall approval={approval} role={role} withArguments={as === 'call'} />
      )}
    </Suspense>
  )
}

/** The item as it was pushed, with what became of it since. */
function withState(item: ApprovalItem, state: ApprovalState | undefined): Approval {
  const { expiresAt = item.approval.expiresAt, ...rest } = state ?? {}
  return { ...item.approval, status: item.status, ...rest, expiresAt }
}

/** Others who may decide, those who are here first. */
export function useDeciders(approval: Approval, people: readonly RoomPerson[], me: UserId): readonly { id: UserId; name: string }[] {
  const here = usePresentPart((present) => present.map((one) => one.user.id).join(' '))
  return useMemo(() => {
    const able = people.filter((one) => one.id !== me && mayDecide(approval, one.id, one.role) === undefined)
    return able.toSorted((a, b) => Number(here.includes(b.id)) - Number(here.includes(a.id)))
  }, [approval, people, me, here])
}

export function ApprovalSkeleton() {
  const { t } = useTranslation('common')
  return <Skeleton label={t('loading')} lines={3} />
}
