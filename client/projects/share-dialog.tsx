import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Invites } from './invites.tsx'
import { MembersList } from './members-list.tsx'

type Props = { open: boolean; onOpenChange(open: boolean): void; projectId: ProjectId; name: string; role: Role }

/** Who is in the project, and the links by which others join. */
export function ShareDialog({ open, onOpenChange, projectId, name, role }: Props) {
  const { t } = useTranslation('settings')
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('invites.share', { name })} wide>
      {can(role, 'invites.manage') ? (
        <Invites projectId={projectId} />
      ) : (
        <p className="mb-5 rounded-md bg-sunken px-3 py-2 text-ui text-fg-2">{t('invites.ownersOnly')}</p>
      )}
      <MembersList projectId={projectId} role={role} />
    </Dialog>
  )
}
