import { useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { CircleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type * as Y from 'yjs'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { readPeople } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import { Role, type Member } from '#shared/projects/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useHue } from '../theme/hues.tsx'
import { useMe } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useDocument, useDocValue } from '../sync/use-document.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { PersonMark } from '../ui/marks.tsx'

type Props = { projectId: ProjectId; role: Role; onLeft?(): void }

/** The people of a project; owners change roles and remove people here, everybody may leave. */
export function MembersList({ projectId, role, onLeft }: Props) {
  const { t } = useTranslation('settings', 'common')
  const client = useQueryClient()
  const me = useMe()
  const query = queryOf(projectCalls.listMembers, { params: { id: projectId } })
  // People have joined and left since it was last open.
  const members = useQuery({ ...query, staleTime: 0 })
  useRenewed(projectId, query.queryKey)
  const [leaving, setLeaving] = useState<Member>()
  const change = useCall(projectCalls.updateMember, { invalidates: [query.queryKey], failed: t('members.notChanged') })
  const remove = useCall(projectCalls.removeMember, {
    onSuccess: async (_, { params: { userId } }) => {
      setLeaving(undefined)
      await client.invalidateQueries({ queryKey: [projectCalls.listProjects.name] })
      // Whoever left may not ask who is still there.
      if (userId === me.id) onLeft?.()
      else await client.invalidateQueries({ queryKey: query.queryKey })
    },
  })
  if (members.error && !members.data) {
    return (
      <Empty icon={<CircleAlert />} title={t('members.notLoaded')} text={describeError(members.error)}>
        <Button onClick={() => void members.refetch()}>{t('common:retry')}</Button>
      </Empty>
    )
  }
  if (!members.data) return <Skeleton label={t('members.loading')} />
  const self = leaving?.userId === me.id
  return (
    <section aria-label={t('members.title')}>
      <h3 className="mb-1.5 text-small text-fg-3">{t('members.title')}</h3>
      <ul className="divide-y divide-line rounded-lg border border-line bg-raised">
        {members.data.members.map((member) => (
          <Row
            key={member.userId}
            member={member}
            self={member.userId === me.id}
            manage={can(role, 'members.manage')}
            onRole={(next) => change.mutate({ params: { id: projectId, userId: member.userId }, body: { role: next } })}
            onRemove={() => {
              remove.reset()
              setLeaving(member)
            }}
          />
        ))}
      </ul>
      <ConfirmDialog
        open={leaving !== undefined}
        onOpenChange={() => setLeaving(undefined)}
        title={self ? t('members.leaveTitle') : t('members.removeTitle', { name: leaving?.name ?? '' })}
        text={self ? t('members.leaveText') : t('members.removeText')}
        action={self ? t('members.leaveDo') : t('members.removeDo')}
        busy={remove.isPending}
        error={remove.error ? describeError(remove.error) : undefined}
        onConfirm={() => leaving && remove.mutate({ params: { id: projectId, userId: leaving.userId } })}
      />
    </section>
  )
}

type RowProps = { member: Member; self: boolean; manage: boolean; onRole(role: Role): void; onRemove(): void }

function Row({ member, self, manage, onRole, onRemove }: RowProps) {
  const { t } = useTranslation('settings')
  const colour = useHue(member.userId)
  return (
    <li className="flex min-h-12 items-center gap-2.5 px-3 py-1.5">
      <PersonMark name={member.name} colour={colour} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-ui font-label">
          {member.name}
          {self && <span className="font-normal text-fg-3"> ({t('members.you')})</span>}
        </p>
        {member.email && <p className="truncate text-small text-fg-3">{member.email}</p>}
      </div>
      {manage ? (
        <Select
          label={t('members.roleOf', { name: member.name })}
          value={member.role}
          onChange={onRole}
          options={Role.options.map((value) => ({ value, label: t(`role.${value}`) }))}
        />
      ) : (
        <span className="text-small text-fg-3">{t(`role.${member.role}`)}</span>
      )}
      {(manage || self) && (
        <IconButton label={self ? t('members.leave') : t('members.remove', { name: member.name })} onClick={onRemove}>
          <X size={15} />
        </IconButton>
      )}
    </li>
  )
}

const peopleOf = (doc: Y.Doc) => doc.getMap('people')

/** Asks again when somebody joins, leaves or has another role or name: the room's document says so at once. */
function useRenewed(projectId: ProjectId, queryKey: QueryKey): void {
  const client = useQueryClient()
  const { doc } = useDocument({ kind: 'project', projectId })
  const people = JSON.stringify(useDocValue(doc, readPeople, peopleOf))
  const key = JSON.stringify(queryKey)
  useEffect(() => {
    void client.invalidateQueries({ queryKey: JSON.parse(key) as QueryKey })
  }, [client, key, people])
}
