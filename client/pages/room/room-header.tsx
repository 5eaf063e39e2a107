import { Link } from '@tanstack/react-router'
import { ChevronLeft, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { useCommands } from '../../base/commands.ts'
import { Badge } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { Room } from './use-room.ts'

const SessionDialogs = lazy(() => import('./session-dialogs.tsx'))

/** Where one is: the project and the session, and what may be done to the session. */
export function RoomHeader({ room, projectId, phone, aside }: { room: Room; projectId: ProjectId; phone: boolean; aside?: ReactNode }) {
  const { t } = useTranslation('room')
  const { current, name } = room
  const title = current?.title ?? t('newSession')
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
        <span className="max-w-full min-w-0 truncate font-title">{title}</span>
      </h1>
      {room.agents.some((agent) => agent.demo) && (
        <Badge tone="accent" className="max-sm:hidden">
          {t('demoModel')}
        </Badge>
      )}
      {aside}
      {current && can(room.role, 'session.update') && <SessionMenu session={current} projectId={projectId} />}
    </header>
  )
}

function SessionMenu({ session, projectId }: { session: SessionSummary; projectId: ProjectId }) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  useCommands([
    { id: 'session.rename', label: command('renameSession'), group: 'session', run: () => setDialog('rename') },
    { id: 'session.delete', label: command('deleteSession'), group: 'session', run: () => setDialog('delete') },
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
        <MenuItem icon={<Pencil size={15} />} onSelect={() => setDialog('rename')}>
          {t('rename')}
        </MenuItem>
        <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => setDialog('delete')}>
          {t('delete')}
        </MenuItem>
      </Menu>
      {dialog && (
        <Suspense>
          <SessionDialogs which={dialog} session={session} projectId={projectId} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </>
  )
}
