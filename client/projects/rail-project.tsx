import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { Suspense } from 'react'
import type { SessionId } from '#shared/base/ids.ts'
import type { Project } from '#shared/projects/schema.ts'
import { lazy } from '../ui/lazy.ts'
import { useHue } from '../theme/hues.tsx'
import { useMe } from '../api/me.ts'
import { useDocument } from '../sync/use-document.ts'
import { presenceOf, usePartOf } from '../sync/use-presence.ts'
import { cx } from '../ui/class-names.ts'
import { PersonMark } from '../ui/marks.tsx'

const SessionList = lazy(() => import('./sessions/session-list.tsx'))

/** One project of the rail; the one that is open shows its sessions, live. */
export const RailProject = ({ project, open, sessionId }: { project: Project; open: boolean; sessionId: SessionId | undefined }) => (
  <li>
    <Link
      to="/p/$projectId"
      params={{ projectId: project.id }}
      className="flex h-(--h-row) items-center gap-1.5 rounded-md px-2 text-fg-2 transition-colors duration-(--d-hover) hover:bg-hover hover:text-fg"
    >
      <ChevronRight size={14} className={cx('shrink-0 text-fg-3 transition-transform duration-(--d-menu)', open && 'rotate-90')} />
      <span className="min-w-0 flex-1 truncate text-ui">{project.name}</span>
      {open && <PeopleInside project={project} />}
    </Link>
    {open && (
      <div className="ml-[15px] border-l border-line pl-1.5">
        <Suspense fallback={<div className="h-(--h-row)" />}>
          <SessionList project={project} current={sessionId} />
        </Suspense>
      </div>
    )}
  </li>
)

const peopleShown = 3

/** Who is in the room, as small marks; the room itself has the list. */
function PeopleInside({ project }: { project: Project }) {
  const { awareness } = useDocument({ kind: 'project', projectId: project.id })
  const present = usePartOf(presenceOf(awareness, useMe().id), (all) => all.slice(0, peopleShown).map(({ user }) => ({ user })))
  return (
    <span aria-hidden className="inline-flex -space-x-1">
      {present.map(({ user }) => (
        <Inside key={user.id} user={user} />
      ))}
    </span>
  )
}

const Inside = ({ user }: { user: { id: string; name: string } }) => <PersonMark name={user.name} colour={useHue(user.id)} size="tiny" />
