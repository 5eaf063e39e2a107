import { Ellipsis } from 'lucide-react'
import { Suspense, useState } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { useCommands } from '../../commands/commands.ts'
import { SessionMenuItems } from '../../projects/sessions/session-menu.tsx'
import { usePins, useSessionActions } from '../../projects/sessions/use-session-actions.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'

const SessionDialogs = lazy(() => import('../../projects/sessions/session-dialogs.tsx'))

/** What may be done with the open session: as a menu, and as commands. */
export default function SessionButton({ session, projectId, role }: { session: SessionSummary; projectId: ProjectId; role: Role }) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const { archive, unarchive, setPinned } = useSessionActions(projectId)
  const pinned = usePins(projectId).some(({ id }) => id === session.id)
  const archived = session.archivedAt !== null
  const group = 'session' as const
  useCommands([
    ...(archived
      ? []
      : [{ id: 'session.pin', label: command(pinned ? 'unpinSession' : 'pinSession'), group, run: () => setPinned(session.id, !pinned) }]),
    ...(can(role, 'session.update')
      ? [
          { id: 'session.rename', label: command('renameSession'), group, run: () => setDialog('rename') },
          {
            id: 'session.archive',
            label: command(archived ? 'unarchiveSession' : 'archiveSession'),
            group,
            run: () => (archived ? unarchive(session.id) : archive(session)),
          },
          { id: 'session.delete', label: command('deleteSession'), group, run: () => setDialog('delete') },
        ]
      : []),
  ])
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('session')}>
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <SessionMenuItems session={session} projectId={projectId} role={role} pinned={pinned} onDialog={setDialog} />
      </Menu>
      {dialog && (
        <Suspense>
          <SessionDialogs which={dialog} session={session} leavesTo={projectId} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  )
}
