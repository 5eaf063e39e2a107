import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Bot, ChevronsUpDown, Inbox, Keyboard, LayoutGrid, PanelLeft, Plus, Search, Settings } from 'lucide-react'
import { Suspense, useState, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { useCommands } from '../commands/commands.ts'
import { keyParts } from '../commands/keys.ts'
import { CountBadge, Key } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Logo } from '../ui/marks.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { AccountMenu } from './account-menu.tsx'
import { RailProject } from './rail-project.tsx'
import { SavedMark } from './saved-state.tsx'
import { useProjects, useWaitingForMe } from './use-projects.ts'

const NewProjectDialog = lazy(async () => ({ default: (await import('./new-project-dialog.tsx')).NewProjectDialog }))

type Props = {
  folded: boolean
  onFold(folded: boolean): void
  canUnfold?: boolean
  onSearch(): void
  onKeys(): void
  projectId?: ProjectId
  sessionId?: SessionId | undefined
}

const recentShown = 12

/** The way around: projects, what waits for a decision, and the sessions of the room one is in. */
export function Rail({ folded, onFold, canUnfold = true, onSearch, onKeys, projectId, sessionId }: Props) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const projects = useProjects()
  const waiting = useWaitingForMe().length
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [creating, setCreating] = useState(false)
  useCommands([{ id: 'project.new', label: command('newProject'), group: 'view', run: () => setCreating(true) }])
  const all = projects.data?.projects ?? []
  const shown = [...all.slice(0, recentShown), ...all.slice(recentShown).filter((project) => project.id === projectId)]

  return (
    <nav aria-label={t('main')} className="flex h-full min-w-0 flex-col bg-bg">
      <div className={cx('flex h-(--h-bar) shrink-0 items-center gap-1', folded ? 'justify-center' : 'pr-2 pl-2')}>
        {!folded && <WorkspaceMenu onKeys={onKeys} />}
        {(canUnfold || !folded) && (
          <IconButton label={folded ? t('showRail') : t('foldRail')} aria-expanded={!folded} onClick={() => onFold(!folded)}>
            <PanelLeft size={16} />
          </IconButton>
        )}
        {folded && !canUnfold && <Logo />}
      </div>
      <div className="flex flex-col gap-px px-2 pt-1">
        {folded ? (
          <IconButton label={t('search')} className="mb-1 w-full!" onClick={onSearch}>
            <Search size={16} />
          </IconButton>
        ) : (
          <button
            type="button"
            onClick={onSearch}
            className="mb-2 flex h-(--h-control) items-center gap-2 rounded-md border border-line-strong bg-raised px-2 text-ui text-fg-2 transition-colors duration-(--d-hover) hover:text-fg"
          >
            <Search size={15} className="text-fg-3" aria-hidden />
            <span className="flex-1 truncate text-left">{t('search')}</span>
            <span className="flex gap-0.5">
              {keyParts('mod+k').map((part) => (
                <Key key={part}>{part}</Key>
              ))}
            </span>
          </button>
        )}
        <RailLink to="/" active={pathname === '/'} folded={folded} icon={<LayoutGrid size={16} />} label={t('projects')} />
        <RailLink
          to="/approvals"
          active={pathname === '/approvals'}
          folded={folded}
          icon={<Inbox size={16} />}
          label={t('approvals')}
          count={waiting}
        />
        <RailLink to="/agents" active={pathname.startsWith('/agents')} folded={folded} icon={<Bot size={16} />} label={t('agents')} />
      </div>
      {folded ? (
        <div className="flex-1" />
      ) : (
        // No space at its ends: what stays in sight of a long list stands at the very edge.
        <div className="mt-4 min-h-0 flex-1 overflow-y-auto px-2">
          <div className="mb-0.5 flex h-(--h-row) items-center pl-2">
            <h2 className="flex-1 text-small text-fg-3">{t('recent')}</h2>
            <IconButton label={t('addProject')} onClick={() => setCreating(true)}>
              <Plus size={15} />
            </IconButton>
          </div>
          <ul className="flex flex-col gap-px">
            {shown.map((project) => (
              <RailProject key={project.id} project={project} open={project.id === projectId} sessionId={sessionId} />
            ))}
          </ul>
          {!projects.data && !projects.error && <RailSkeleton />}
          {projects.data && all.length === 0 && <p className="px-2 text-small text-fg-3">{t('noProjects')}</p>}
        </div>
      )}
      <div className={cx('flex min-h-10 shrink-0 flex-wrap items-center gap-x-1 border-t border-line px-2 py-1', folded && 'flex-col')}>
        <AccountMenu folded={folded} />
        {projectId && <SavedMark iconOnly={folded} />}
      </div>
      {creating && (
        <Suspense>
          <NewProjectDialog
            open={creating}
            onOpenChange={setCreating}
            onCreated={(id) => void navigate({ to: '/p/$projectId', params: { projectId: id } })}
          />
        </Suspense>
      )}
    </nav>
  )
}

const RailSkeleton = () => (
  <div aria-hidden className="flex flex-col gap-px">
    {[60, 44, 72].map((width) => (
      <div key={width} className="flex h-(--h-row) items-center px-2">
        <span className="pulse-loop h-3 rounded-sm bg-selected" style={{ width: `${width}%` }} />
      </div>
    ))}
  </div>
)

/** What concerns the whole workspace rather than one room. */
function WorkspaceMenu({ onKeys }: { onKeys(): void }) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const navigate = useNavigate()
  const go = (to: string) => () => void navigate({ to })
  return (
    <div className="min-w-0 flex-1">
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            aria-label={t('workspaceMenu', { name: 'Atrium' })}
            className="flex h-(--h-control) max-w-full items-center gap-2 rounded-md px-2 hover:bg-hover data-[state=open]:bg-hover"
          >
            <Logo />
            <span className="truncate text-ui font-title">Atrium</span>
            <ChevronsUpDown size={13} className="shrink-0 text-fg-3" aria-hidden />
          </button>
        }
      >
        <MenuItem icon={<LayoutGrid size={15} />} onSelect={go('/')}>
          {t('projects')}
        </MenuItem>
        <MenuItem icon={<Bot size={15} />} onSelect={go('/agents')}>
          {t('agents')}
        </MenuItem>
        <MenuItem icon={<Settings size={15} />} onSelect={go('/settings')}>
          {t('settings')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Keyboard size={15} />} hint={<Key>?</Key>} onSelect={onKeys}>
          {command('keymap')}
        </MenuItem>
      </Menu>
    </div>
  )
}

type RailLinkProps = { to: string; active: boolean; folded: boolean; icon: ReactNode; label: string; count?: number }

function RailLink({ to, active, folded, icon, label, count = 0 }: RailLinkProps) {
  const { t } = useTranslation('room')
  return (
    <Link
      to={to}
      title={folded ? label : undefined}
      aria-label={folded ? (count > 0 ? t('linkWaiting', { label, count }) : label) : undefined}
      aria-current={active ? 'page' : undefined}
      className={cx(
        'relative flex h-(--h-row) items-center gap-2.5 rounded-md px-2 text-ui transition-colors duration-(--d-hover)',
        folded && 'justify-center',
        active ? 'bg-selected font-label text-fg' : 'text-fg-2 hover:bg-hover hover:text-fg',
      )}
    >
      {icon}
      {!folded && <span className="flex-1 truncate">{label}</span>}
      {count > 0 &&
        (folded ? (
          <span className="absolute top-1 right-2 size-1.5 rounded-full bg-accent" />
        ) : (
          <CountBadge count={count} accent label={t('waiting', { count })} />
        ))}
    </Link>
  )
}
