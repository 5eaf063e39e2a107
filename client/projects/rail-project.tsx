import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, Plus, ShieldAlert } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { notify } from '../base/notify.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { readPeople, readSessions } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Project } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { formatAgo } from '../base/format.ts'
import { useHue } from '../base/hues.tsx'
import { useMe } from '../base/me.ts'
import { describeError } from '../base/query.ts'
import { useDocument, useDocValue } from '../base/use-document.ts'
import { presenceOf, usePartOf } from '../base/use-presence.ts'
import { useNow } from '../base/use-now.ts'
import { cx } from '../ui/class-names.ts'
import { PersonMark } from '../ui/marks.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { useCreateSession } from './use-projects.ts'
import type * as Y from 'yjs'

const peopleMap = (doc: Y.Doc) => doc.getMap('people')
const sessionsMap = (doc: Y.Doc) => doc.getMap('sessions')

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
    {open && <Sessions project={project} current={sessionId} />}
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

function Sessions({ project, current }: { project: Project; current: SessionId | undefined }) {
  const { t } = useTranslation('room')
  const { doc } = useDocument({ kind: 'project', projectId: project.id })
  const sessions = useDocValue(doc, readSessions, sessionsMap)
  const people = useDocValue(doc, readPeople, peopleMap)
  const me = useMe()
  const role = people.find((person) => person.id === me.id)?.role ?? project.role
  const now = useNow(60_000)
  const navigate = useNavigate()
  const create = useCreateSession(project.id, (id) => {
    void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId: project.id, sessionId: id } })
  })
  return (
    <div className="ml-[15px] border-l border-line pl-1.5">
      <ul aria-label={t('sessions')} className="flex flex-col gap-px">
        {sessions.map((session) => (
          <li key={session.id}>
            <Link
              to="/p/$projectId/s/$sessionId"
              params={{ projectId: project.id, sessionId: session.id }}
              aria-current={session.id === current ? 'page' : undefined}
              className={cx(
                'flex h-(--h-row) items-center gap-2 rounded-md px-2 text-ui transition-colors duration-(--d-hover)',
                session.id === current ? 'bg-selected font-label text-fg' : 'text-fg-2 hover:bg-hover hover:text-fg',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{session.title}</span>
              <SessionMark session={session} now={now} />
            </Link>
          </li>
        ))}
      </ul>
      {can(role, 'session.create') && (
        <button
          type="button"
          disabled={create.isPending}
          onClick={() => create.mutate(undefined, { onError: (error) => notify.error(t('notCreated'), { description: describeError(error) }) })}
          className="flex h-(--h-row) w-full items-center gap-1.5 rounded-md px-2 text-ui text-fg-3 transition-colors duration-(--d-hover) hover:bg-hover hover:text-fg"
        >
          {create.isPending ? <Spinner /> : <Plus size={14} />}
          {t('newSession')}
        </button>
      )}
    </div>
  )
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
      return <span className="shrink-0 text-small text-fg-3">{formatAgo(session.updatedAt, now)}</span>
  }
}

const Square = ({ label, look }: { label: string; look: string }) => (
  <span className="inline-flex shrink-0">
    <span aria-hidden className={cx('size-2 rounded-[2px]', look)} />
    <span className="sr-only">{label}</span>
  </span>
)
