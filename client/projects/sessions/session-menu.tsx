import { Archive, ArchiveRestore, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { MenuItem, MenuLine } from '../../ui/menu.tsx'
import { useSessionActions } from './use-session-actions.ts'

export type MenuSession = Pick<SessionSummary, 'id' | 'title' | 'archivedAt'>

type Props = {
  session: MenuSession
  projectId: ProjectId
  role: Role
  pinned: boolean
  onDialog(which: 'rename' | 'delete'): void
}

/** What one can do with a session: in the list, and in the header of the open one. Belongs inside a Menu. */
export function SessionMenuItems({ session, projectId, role, pinned, onDialog }: Props) {
  const { t } = useTranslation('room')
  const { setPinned, archive, unarchive } = useSessionActions(projectId)
  const archived = session.archivedAt !== null
  return (
    <>
      {can(role, 'session.update') && (
        <MenuItem icon={<Pencil size={15} />} onSelect={() => onDialog('rename')}>
          {t('rename')}
        </MenuItem>
      )}
      {!archived && (
        <MenuItem icon={pinned ? <PinOff size={15} /> : <Pin size={15} />} onSelect={() => setPinned(session.id, !pinned)}>
          {pinned ? t('unpin') : t('pin')}
        </MenuItem>
      )}
      {can(role, 'session.update') && (
        <MenuItem
          icon={archived ? <ArchiveRestore size={15} /> : <Archive size={15} />}
          onSelect={() => (archived ? unarchive(session.id) : archive(session))}
        >
          {archived ? t('unarchive') : t('archive')}
        </MenuItem>
      )}
      {can(role, 'session.delete') && (
        <>
          <MenuLine />
          <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => onDialog('delete')}>
            {t('delete')}
          </MenuItem>
        </>
      )}
    </>
  )
}
