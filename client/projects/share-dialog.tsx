import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Copy, Link2 } from 'lucide-react'
import { useState } from 'react'
import { notify } from '../base/notify.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { call } from '../base/api.ts'
import { formatLongDay } from '../base/format.ts'
import { describeError, queryOf } from '../base/query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { fieldLook, Select } from '../ui/field.tsx'
import { MembersList } from './members-list.tsx'
import { roleNames } from './role-names.ts'

type Props = { open: boolean; onOpenChange(open: boolean): void; projectId: ProjectId; name: string; role: Role }

/** Who is in the project, and the links by which others join. */
export const ShareDialog = ({ open, onOpenChange, projectId, name, role }: Props) => (
  <Dialog open={open} onOpenChange={onOpenChange} title={`Share ${name}`} wide>
    {can(role, 'invites.manage') ? (
      <Invites projectId={projectId} />
    ) : (
      <p className="mb-5 rounded-md bg-sunken px-3 py-2 text-ui text-fg-2">Only owners invite people. Ask one of the owners below.</p>
    )}
    <MembersList projectId={projectId} role={role} />
  </Dialog>
)

const invitable: readonly { value: 'editor' | 'viewer'; label: string }[] = [
  { value: 'editor', label: 'Can edit, run and approve' },
  { value: 'viewer', label: 'Can watch' },
]

function Invites({ projectId }: { projectId: ProjectId }) {
  const [role, setRole] = useState<'editor' | 'viewer'>('editor')
  const client = useQueryClient()
  const query = queryOf(projectCalls.listInvites, { params: { id: projectId } })
  const invites = useQuery({ ...query, staleTime: 0 })
  const renew = () => client.invalidateQueries({ queryKey: query.queryKey })
  const make = useMutation({ mutationFn: () => call(projectCalls.createInvite, { params: { id: projectId }, body: { role } }), onSuccess: renew })
  const revoke = useMutation({
    mutationFn: (inviteId: string) => call(projectCalls.revokeInvite, { params: { id: projectId, inviteId } }),
    onSuccess: renew,
    onError: (error) => notify.error('The link was not revoked', { description: describeError(error) }),
  })
  const copy = async (url: string) => {
    try {
      await navigator.clipboard.writeText(url)
      notify.success('Link copied')
    } catch {
      notify('Select the link and copy it', { description: 'This browser does not let the page copy.' })
    }
  }

  return (
    <section aria-label="Invites" className="mb-6">
      <div className="flex items-center gap-2">
        <Select<'editor' | 'viewer'>
          label="Role of who joins"
          className="h-(--h-control-lg) flex-1"
          value={role}
          onChange={setRole}
          options={invitable}
        />
        <Button look="primary" size="large" icon={<Link2 size={15} />} busy={make.isPending} onClick={() => make.mutate()}>
          Create link
        </Button>
      </div>
      {make.error && (
        <p role="alert" className="mt-2 text-ui text-danger">
          {describeError(make.error)}
        </p>
      )}
      {make.data && (
        <div className="fade mt-2">
          <div className="flex items-center gap-1">
            <input
              aria-label="Invite link"
              readOnly
              value={make.data.url}
              onFocus={(event) => event.target.select()}
              className={`${fieldLook} h-(--h-control-lg) font-mono text-code-s`}
            />
            <IconButton label="Copy link" className="size-(--h-control-lg)!" onClick={() => void copy(make.data.url)}>
              <Copy size={15} />
            </IconButton>
          </div>
          <p className="mt-1 text-small text-fg-3">The link is shown once. It works until {formatLongDay(make.data.expiresAt)}.</p>
        </div>
      )}
      {invites.data && invites.data.invites.length > 0 && (
        <ul aria-label="Open invites" className="mt-3 divide-y divide-line rounded-lg border border-line">
          {invites.data.invites.map((invite) => (
            <li key={invite.id} className="flex h-10 items-center gap-2 px-3 text-ui">
              <Link2 size={14} className="text-fg-3" />
              <span className="flex-1 truncate">{roleNames[invite.role]} link</span>
              <span className="text-small text-fg-3">until {formatLongDay(invite.expiresAt)}</span>
              <Button look="ghost" onClick={() => revoke.mutate(invite.id)}>
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
