import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { notify } from '../base/notify.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { can } from '#shared/projects/roles.ts'
import { Role, type Member } from '#shared/projects/schema.ts'
import { call } from '../base/api.ts'
import { useHue } from '../base/hues.tsx'
import { useMe } from '../base/me.ts'
import { describeError, queryOf } from '../base/query.ts'
import { IconButton } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { PersonMark } from '../ui/marks.tsx'
import { roleNames } from './role-names.ts'

/** The people of a project; owners change roles and remove people here. */
export function MembersList({ projectId, role }: { projectId: ProjectId; role: Role }) {
  const client = useQueryClient()
  const me = useMe()
  const query = queryOf(projectCalls.listMembers, { params: { id: projectId } })
  // People join and leave while this is open, and since it was last open.
  const members = useQuery({ ...query, staleTime: 0, refetchInterval: 4000 })
  const settle = {
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
    onError: (error: unknown) => {
      notify.error('Nothing was changed', { description: describeError(error) })
    },
  }
  const change = useMutation({
    mutationFn: (to: { userId: UserId; role: Role }) =>
      call(projectCalls.updateMember, { params: { id: projectId, userId: to.userId }, body: { role: to.role } }),
    ...settle,
  })
  const remove = useMutation({ mutationFn: (userId: UserId) => call(projectCalls.removeMember, { params: { id: projectId, userId } }), ...settle })
  if (!members.data) return <Skeleton label="Loading members" />
  return (
    <section aria-label="Members">
      <h3 className="mb-1.5 text-small text-fg-3">Members</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {members.data.members.map((member) => (
          <Row
            key={member.userId}
            member={member}
            self={member.userId === me.id}
            manage={can(role, 'members.manage')}
            onRole={(next) => change.mutate({ userId: member.userId, role: next })}
            onRemove={() => remove.mutate(member.userId)}
          />
        ))}
      </ul>
    </section>
  )
}

type RowProps = { member: Member; self: boolean; manage: boolean; onRole(role: Role): void; onRemove(): void }

function Row({ member, self, manage, onRole, onRemove }: RowProps) {
  const colour = useHue(member.userId)
  return (
    <li className="flex min-h-12 items-center gap-2.5 px-3 py-1.5">
      <PersonMark name={member.name} colour={colour} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-ui font-label">
          {member.name}
          {self && <span className="font-normal text-fg-3"> (you)</span>}
        </p>
        {member.email && <p className="truncate text-small text-fg-3">{member.email}</p>}
      </div>
      {manage ? (
        <>
          <Select
            label={`Role of ${member.name}`}
            value={member.role}
            onChange={onRole}
            options={Role.options.map((value) => ({ value, label: roleNames[value] }))}
          />
          <IconButton label={self ? 'Leave the project' : `Remove ${member.name}`} onClick={onRemove}>
            <X size={15} />
          </IconButton>
        </>
      ) : (
        <span className="text-small text-fg-3">{roleNames[member.role]}</span>
      )}
    </li>
  )
}
