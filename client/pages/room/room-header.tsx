import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronLeft, Ellipsis } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { useCommands } from '../../base/commands.ts'
import { useStored } from '../../base/stored.ts'
import { useMedia } from '../../base/use-media.ts'
import { usePins, useSessionActions } from '../../projects/sessions/use-session-actions.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { Room } from './use-room.ts'

const SessionDialogs = lazy(() => import('../../projects/sessions/session-dialogs.tsx'))
const SessionMenuItems = lazy(() => import('../../projects/sessions/session-menu.tsx').then((file) => ({ default: file.SessionMenuItems })))
const SessionsDialog = lazy(() => import('../../projects/sessions/sessions-dialog.tsx'))

/** Where one is: the project and the session, and what may be done to the session. */
export function RoomHeader({ room, projectId, phone, aside }: { room: Room; projectId: ProjectId; phone: boolean; aside?: ReactNode }) {
  const { t } = useTranslation('room')
  const { current, name } = room
  const title = current?.title ?? t('newSession')
  const [railFolded] = useStored('rail:folded')
  const railed = useMedia('(min-width: 1120px)') && railFolded !== 'yes'
  return (
    <header className="flex h-(--h-bar) shrink-0 items-center gap-2 border-b border-line pr-2 pl-5 max-sm:pl-1.5">
      {phone && (
        <Link
          to="/"
          aria-label={t('back')}
          className="inline-flex size-(--h-control) shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover"
        >
          <ChevronLeft size={18} />
        </Link>
      )}
      <h1 className="flex min-w-0 flex-1 items-center gap-2 text-ui max-sm:flex-col-reverse max-sm:items-start max-sm:gap-0">
        <span className="max-w-[45%] shrink-0 truncate text-fg-3 max-sm:max-w-full max-sm:text-small">{name}</span>
        <span aria-hidden className="text-line-strong max-sm:hidden">
          /
        </span>
        {railed ? (
          <span className="max-w-full min-w-0 truncate font-title">{title}</span>
        ) : (
          <Switcher room={room} projectId={projectId} title={title} />
        )}
      </h1>
      {current && current.archivedAt !== null && <Badge>{t('archived')}</Badge>}
      {room.agents.some((agent) => agent.demo) && (
        <Badge tone="accent" className="max-sm:hidden">
          {t('demoModel')}
        </Badge>
      )}
      {aside}
      {current && <SessionMenu session={current} projectId={projectId} role={room.role} />}
    </header>
  )
}

/** Where the rail does not show the sessions, the title leads to them. */
function Switcher({ room, projectId, title }: { room: Room; projectId: ProjectId; title: string }) {
  const { t } = useTranslation('room')
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        title={t('allSessions')}
        onClick={() => setOpen(true)}
        className="flex max-w-full min-w-0 items-center gap-1 rounded-sm font-title"
      >
        <span className="min-w-0 truncate">{title}</span>
        <ChevronDown size={14} className="shrink-0 text-fg-3" aria-hidden />
      </button>
      {open && (
        <Suspense>
          <SessionsDialog project={{ id: projectId, role: room.role }} current={room.current?.id} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function SessionMenu({ session, projectId, role }: { session: SessionSummary; projectId: ProjectId; role: Role }) {
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
        <Suspense>
          <SessionMenuItems session={session} projectId={projectId} role={role} pinned={pinned} onDialog={setDialog} />
        </Suspense>
      </Menu>
      {dialog && (
        <Suspense>
          <SessionDialogs which={dialog} session={session} leavesTo={projectId} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  )
}
