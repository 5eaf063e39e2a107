import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { Suspense, type ReactNode } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { useStored } from '../../offline/stored.ts'
import { useMedia } from '../../ui/use-media.ts'
import { Badge } from '../../ui/badge.tsx'
import type { Room } from './use-room.ts'

const SessionButton = lazy(() => import('./session-button.tsx'))
const SessionSwitcher = lazy(() => import('./session-switcher.tsx'))

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
          <Suspense fallback={<span className="min-w-0 truncate font-title">{title}</span>}>
            <SessionSwitcher room={room} projectId={projectId} title={title} />
          </Suspense>
        )}
      </h1>
      {current && current.archivedAt !== null && <Badge>{t('archived')}</Badge>}
      {room.agents.some((agent) => agent.demo) && (
        <Badge tone="accent" className="max-sm:hidden">
          {t('demoModel')}
        </Badge>
      )}
      {aside}
      {current && (
        <Suspense fallback={<span className="w-(--h-control) shrink-0" />}>
          <SessionButton session={current} projectId={projectId} role={room.role} />
        </Suspense>
      )}
    </header>
  )
}
