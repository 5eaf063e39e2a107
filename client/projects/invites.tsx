import { useQuery } from '@tanstack/react-query'
import { Copy, Link2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { useCall } from '../api/use-call.ts'
import { formatLongDay } from '../i18n/format.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { fieldLook, Select } from '../ui/field.tsx'

const invitable = ['editor', 'viewer'] as const

/** The links by which others join: making, copying and revoking them. For owners. */
export function Invites({ projectId }: { projectId: ProjectId }) {
  const { t } = useTranslation('settings')
  const [role, setRole] = useState<'editor' | 'viewer'>('editor')
  const query = queryOf(projectCalls.listInvites, { params: { id: projectId } })
  const invites = useQuery({ ...query, staleTime: 0 })
  const invalidates = [query.queryKey]
  const make = useCall(projectCalls.createInvite, { invalidates })
  const revoke = useCall(projectCalls.revokeInvite, { invalidates, failed: t('invites.notRevoked') })
  const copy = async (url: string) => {
    try {
      await navigator.clipboard.writeText(url)
      notify.success(t('invites.copied'))
    } catch {
      notify(t('invites.select'), { description: t('cannotCopyText') })
    }
  }

  return (
    <section aria-label={t('invites.title')} className="mb-6">
      <div className="flex flex-wrap items-center gap-2">
        <Select<'editor' | 'viewer'>
          label={t('invites.role')}
          className="h-(--h-control-lg) min-w-40 flex-1"
          value={role}
          onChange={setRole}
          options={invitable.map((value) => ({ value, label: t(`invites.${value}`) }))}
        />
        <Button
          look="primary"
          size="large"
          icon={<Link2 size={15} />}
          busy={make.isPending}
          onClick={() => make.mutate({ params: { id: projectId }, body: { role } })}
        >
          {t('invites.create')}
        </Button>
      </div>
      {make.error && (
        <p role="alert" className="mt-2 text-ui text-danger">
          {describeError(make.error)}
        </p>
      )}
      {make.data && (
        <div className="fade mt-2" role="status">
          <div className="flex items-center gap-1">
            <input
              aria-label={t('invites.link')}
              readOnly
              value={make.data.url}
              onFocus={(event) => event.target.select()}
              className={`${fieldLook} h-(--h-control-lg) font-mono text-code-s`}
            />
            <IconButton label={t('invites.copy')} className="size-(--h-control-lg)!" onClick={() => void copy(make.data.url)}>
              <Copy size={15} />
            </IconButton>
          </div>
          <p className="mt-1 text-small text-fg-3">{t('invites.once', { day: formatLongDay(make.data.expiresAt) })}</p>
        </div>
      )}
      {invites.data && invites.data.invites.length > 0 && (
        <ul aria-label={t('invites.open')} className="mt-3 divide-y divide-line rounded-lg border border-line bg-raised">
          {invites.data.invites.map((invite) => (
            <li key={invite.id} className="flex min-h-10 items-center gap-2 px-3 text-ui">
              <Link2 size={14} className="shrink-0 text-fg-3" aria-hidden />
              <span className="min-w-0 flex-1 truncate">{t(`invites.one.${invite.role}`)}</span>
              <span className="text-small text-fg-3">{t('invites.until', { day: formatLongDay(invite.expiresAt) })}</span>
              <Button
                look="ghost"
                busy={revoke.isPending && revoke.variables.params.inviteId === invite.id}
                onClick={() => revoke.mutate({ params: { id: projectId, inviteId: invite.id } })}
              >
                {t('invites.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
