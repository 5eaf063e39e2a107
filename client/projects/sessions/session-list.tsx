import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type * as Y from 'yjs'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { projectLimits, readPeople, readSessions } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Project } from '#shared/projects/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { formatMonth } from '../../i18n/format.ts'
import { useMe } from '../../api/me.ts'
import { useDocument, useDocValue } from '../../sync/use-document.ts'
import { useNow } from '../../ui/use-now.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { ArchivedSessions } from './archived-sessions.tsx'
import { groupSessions } from './group-sessions.ts'
import { More } from './more.tsx'
import { OlderSessions } from './older-sessions.tsx'
import { SessionRow } from './session-row.tsx'
import { useCreateSession } from './use-create-session.ts'
import { usePins } from './use-session-actions.ts'

const peopleMap = (doc: Y.Doc) => doc.getMap('people')
const sessionsMap = (doc: Y.Doc) => doc.getMap('sessions')

/** So many of a project are shown until one asks for all. */
const shownAtFirst = 20

type Props = {
  project: Pick<Project, 'id' | 'role'>
  current: SessionId | undefined
  /** A session was chosen, or made: what shows this list may close. */
  onChoose?: () => void
}

/**
 * The sessions of a project, live: pinned ones, then by day. The open one and "New session" stay in sight however long the
 * list is. Arrow keys move in it, the key for context menus opens a row's menu.
 */
export default function SessionList({ project, current, onChoose }: Props) {
  const { t } = useTranslation('room')
  const projectId = project.id
  const { doc } = useDocument({ kind: 'project', projectId })
  const sessions = useDocValue(doc, readSessions, sessionsMap)
  const people = useDocValue(doc, readPeople, peopleMap)
  const pinned = usePins(projectId)
  const me = useMe()
  const role = people.find((person) => person.id === me.id)?.role ?? project.role
  const now = useNow(60_000)
  const [all, setAll] = useState(false)
  const { pins, groups, hidden, first } = arrange({ sessions, pinned, current, all, now })
  const row = (session: SessionSummary) => (
    <SessionRow
      key={session.id}
      session={session}
      projectId={projectId}
      role={role}
      pinned={pins.some((one) => one.id === session.id)}
      current={session.id === current}
      tabbable={session.id === first}
      now={now}
      onChoose={onChoose}
    />
  )
  return (
    <ul aria-label={t('sessions')} className="flex flex-col gap-px">
      {pins.length > 0 && <GroupLabel>{t('pinned')}</GroupLabel>}
      {pins.map(row)}
      {groups.map(({ key, day, at, sessions: those }) => [
        // One day alone needs no heading.
        (groups.length > 1 || pins.length > 0) && <GroupLabel key={key}>{day === 'month' ? formatMonth(at, now) : t(`days.${day}`)}</GroupLabel>,
        ...those.map(row),
      ])}
      {hidden > 0 && <More label={t('moreSessions', { count: hidden })} onClick={() => setAll(true)} />}
      {all && sessions.length >= projectLimits.sessions && <OlderSessions projectId={projectId} before={sessions.at(-1)?.updatedAt ?? 0} row={row} />}
      <ArchivedSessions projectId={projectId} known={sessions.length} row={row} />
      {can(role, 'session.create') && <NewSession projectId={projectId} onCreated={onChoose} />}
    </ul>
  )
}

type Arranged = { sessions: readonly SessionSummary[]; pinned: readonly SessionSummary[]; current: SessionId | undefined; all: boolean; now: number }

/** What is shown, in its order, and which row Tab comes to. */
function arrange({ sessions, pinned, current, all, now }: Arranged) {
  const live = new Map(sessions.map((session) => [session.id, session]))
  const pins = pinned.map((session) => live.get(session.id) ?? session)
  const others = sessions.filter(({ id }) => !pins.some((pin) => pin.id === id))
  const shown = all ? others : others.filter(({ id }, at) => at < shownAtFirst || id === current)
  const groups = groupSessions(shown, now)
  const rows = [...pins, ...shown]
  return { pins, groups, hidden: others.length - shown.length, first: (rows.find(({ id }) => id === current) ?? rows[0])?.id }
}

const GroupLabel = ({ children }: { children: string }) => (
  <li className="px-2 pt-2 pb-0.5 text-micro text-fg-3 first:pt-0.5">
    <h3>{children}</h3>
  </li>
)

function NewSession({ projectId, onCreated }: { projectId: Project['id']; onCreated: (() => void) | undefined }) {
  const { t } = useTranslation('room')
  const navigate = useNavigate()
  const { create, isPending } = useCreateSession(projectId, (id) => {
    onCreated?.()
    void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id }, search: true })
  })
  return (
    <li className="sticky bottom-0 z-10 bg-(--session-ground,var(--bg))">
      <button
        type="button"
        disabled={isPending}
        onClick={() => create()}
        className="flex h-(--h-row) w-full items-center gap-1.5 rounded-md px-2 text-ui text-fg-3 transition-colors duration-(--d-hover) hover:bg-hover hover:text-fg pointer-coarse:h-11"
      >
        {isPending ? <Spinner /> : <Plus size={14} />}
        {t('newSession')}
      </button>
    </li>
  )
}
