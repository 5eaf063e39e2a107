import { Link } from '@tanstack/react-router'
import { Ellipsis, ShieldAlert } from 'lucide-react'
import { memo, Suspense, useState, type KeyboardEvent, type SyntheticEvent } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { formatAgo } from '../../i18n/format.ts'
import { cx } from '../../ui/class-names.ts'
import { Menu } from '../../ui/menu.tsx'
import { steppedTo } from '../../ui/roving.ts'
import { SessionMenuItems } from './session-menu.tsx'

const SessionDialogs = lazy(() => import('./session-dialogs.tsx'))

type Props = {
  session: SessionSummary
  projectId: ProjectId
  role: Role
  pinned: boolean
  current: boolean
  /** The one that Tab comes to; arrow keys go on from there. */
  tabbable: boolean
  now: number
  onChoose: (() => void) | undefined
}

/** One session of the list: where it leads, how it is, and what one can do with it. The open one stays in sight. */
export const SessionRow = memo(function SessionRow({ session, projectId, role, pinned, current, tabbable, now, onChoose }: Props) {
  const { t } = useTranslation('room')
  const [menu, setMenu] = useState(false)
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const openMenu = (event: SyntheticEvent) => {
    event.preventDefault()
    setMenu(true)
  }
  return (
    <li className={cx('group relative rounded-md', current && 'sticky top-0 bottom-(--h-row) z-10 bg-(--session-ground,var(--bg))')}>
      <Link
        to="/p/$projectId/s/$sessionId"
        params={{ projectId, sessionId: session.id }}
        search={true}
        data-session={session.id}
        tabIndex={tabbable ? 0 : -1}
        aria-current={current ? 'page' : undefined}
        title={session.title}
        onClick={onChoose}
        onContextMenu={openMenu}
        onKeyDown={(event) => {
          if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenu(event)
          else goToRow(event)
        }}
        className={cx(
          'flex h-(--h-row) items-center gap-2 rounded-md pr-2 pl-2 text-ui -outline-offset-2 transition-colors duration-(--d-hover) pointer-coarse:h-11 pointer-coarse:pr-11',
          current ? 'bg-selected font-label text-fg' : 'text-fg-2 hover:bg-hover hover:text-fg',
        )}
      >
        <span className="min-w-0 flex-1 truncate">{session.title}</span>
        <span
          className={cx('inline-flex shrink-0 group-hover:invisible group-has-focus-visible:invisible pointer-coarse:visible!', menu && 'invisible')}
        >
          <SessionMark session={session} now={now} />
        </span>
      </Link>
      <Menu
        open={menu}
        onOpenChange={setMenu}
        trigger={
          <button
            type="button"
            tabIndex={-1}
            aria-label={t('actionsOf', { title: session.title })}
            className="absolute top-0 right-0 inline-flex h-(--h-row) w-7 items-center justify-center rounded-md text-fg-3 opacity-0 group-hover:opacity-100 group-has-focus-visible:opacity-100 hover:text-fg data-[state=open]:opacity-100 pointer-coarse:size-11 pointer-coarse:opacity-100"
          >
            <Ellipsis size={15} aria-hidden />
          </button>
        }
      >
        <SessionMenuItems session={session} projectId={projectId} role={role} pinned={pinned} onDialog={setDialog} />
      </Menu>
      {dialog && (
        <Suspense>
          <SessionDialogs which={dialog} session={session} leavesTo={current ? projectId : undefined} onClose={() => setDialog(undefined)} />
        </Suspense>
      )}
    </li>
  )
})

/** Arrow keys, Home and End go from row to row. */
function goToRow(event: KeyboardEvent<HTMLElement>) {
  if (event.altKey || event.metaKey || event.ctrlKey || event.shiftKey) return
  const rows = [...(event.currentTarget.closest('ul')?.querySelectorAll<HTMLElement>('[data-session]') ?? [])]
  const to = steppedTo(event.key, rows.indexOf(event.currentTarget), rows.length)
  if (to === undefined) return
  event.preventDefault()
  rows[to]?.focus()
}

function SessionMark({ session, now }: { session: SessionSummary; now: number }) {
  const { t } = useTranslation('room')
  switch (session.run?.status) {
    case 'waiting':
      return <ShieldAlert size={14} className="shrink-0 text-warn" aria-label={t('waitsForPeople')} />
    case 'queued':
    case 'running':
      return <Square label={t('running')} look="pulse-loop bg-ink" />
    case 'paused':
      return <Square label={t('paused')} look="border border-fg-3" />
    default:
      return <span className="shrink-0 text-small text-fg-3 in-[[aria-current]]:text-fg-2">{formatAgo(session.updatedAt, now)}</span>
  }
}

const Square = ({ label, look }: { label: string; look: string }) => (
  <span className="inline-flex shrink-0">
    <span aria-hidden className={cx('size-2 rounded-[2px]', look)} />
    <span className="sr-only">{label}</span>
  </span>
)
