import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Inbox, LayoutGrid, PanelLeft, Plus } from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { useSaved } from '../base/use-document.ts'
import { CountBadge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Logo } from '../ui/marks.tsx'
import { AccountMenu } from './account-menu.tsx'
import { RailProject } from './rail-project.tsx'
import { SavedMark } from './saved-state.tsx'
import { useProjects, useWaitingForMe } from './use-projects.ts'

const NewProjectDialog = lazy(() => import('./new-project-dialog.tsx').then((file) => ({ default: file.NewProjectDialog })))

type Props = { folded: boolean; onFold(folded: boolean): void; canUnfold?: boolean; projectId?: ProjectId; sessionId?: SessionId | undefined }

const recentShown = 12

/** The way around: projects, what waits for a decision, and the sessions of the room one is in. */
export function Rail({ folded, onFold, canUnfold = true, projectId, sessionId }: Props) {
  const projects = useProjects()
  const waiting = useWaitingForMe().length
  const saved = useSaved()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [creating, setCreating] = useState(false)
  const all = projects.data?.projects ?? []
  const shown = [...all.slice(0, recentShown), ...all.slice(recentShown).filter((project) => project.id === projectId)]

  return (
    <nav aria-label="Main" className="flex h-full min-w-0 flex-col bg-bg">
      <div className={cx('flex h-(--h-bar) shrink-0 items-center gap-2', folded ? 'justify-center' : 'pr-2 pl-4')}>
        {!folded && (
          <Link to="/" className="flex min-w-0 flex-1 items-center gap-2 rounded-md">
            <Logo />
            <span className="truncate text-ui font-title">Atrium</span>
          </Link>
        )}
        {(canUnfold || !folded) && (
          <IconButton label={folded ? 'Show the sidebar' : 'Fold the sidebar'} onClick={() => onFold(!folded)}>
            <PanelLeft size={16} />
          </IconButton>
        )}
        {folded && !canUnfold && <Logo />}
      </div>
      <div className="flex flex-col gap-px px-2 pt-1.5">
        <RailLink to="/" active={pathname === '/'} folded={folded} icon={<LayoutGrid size={16} />} label="Projects" />
        <RailLink to="/approvals" active={pathname === '/approvals'} folded={folded} icon={<Inbox size={16} />} label="Approvals" count={waiting} />
      </div>
      {folded ? (
        <div className="flex-1" />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto px-2 pt-4 pb-3">
          <div className="mb-0.5 flex h-(--h-row) items-center pl-2">
            <h2 className="flex-1 text-small text-fg-3">Recent</h2>
            <IconButton label="Add a project" className="size-6!" onClick={() => setCreating(true)}>
              <Plus size={15} />
            </IconButton>
          </div>
          <ul className="flex flex-col gap-px">
            {shown.map((project) => (
              <RailProject key={project.id} project={project} open={project.id === projectId} sessionId={sessionId} />
            ))}
          </ul>
          {projects.data && all.length === 0 && <p className="px-2 text-small text-fg-3">No projects yet.</p>}
        </div>
      )}
      <div className={cx('flex min-h-10 shrink-0 flex-wrap items-center gap-x-1 border-t border-line px-2 py-1', folded && 'flex-col')}>
        <AccountMenu folded={folded} />
        {projectId && <SavedMark state={saved} iconOnly={folded} />}
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

type RailLinkProps = { to: '/' | '/approvals'; active: boolean; folded: boolean; icon: ReactNode; label: string; count?: number }

const RailLink = ({ to, active, folded, icon, label, count = 0 }: RailLinkProps) => (
  <Link
    to={to}
    title={folded ? label : undefined}
    aria-label={folded ? (count > 0 ? `${label}, ${count} waiting` : label) : undefined}
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
        <CountBadge count={count} accent label={`${count} waiting`} />
      ))}
  </Link>
)
