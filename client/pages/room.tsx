import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import { SessionId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { noticeCalls } from '#shared/notices/api.ts'
import { can } from '#shared/projects/roles.ts'
import { useCommands } from '../commands/commands.ts'
import { HueProvider } from '../theme/hues.tsx'
import { notify } from '../ui/notify.ts'
import { useMedia } from '../ui/use-media.ts'
import { PresenceContext } from '../sync/use-presence.ts'
import { useCreateSession } from '../projects/sessions/use-create-session.ts'
import type { RoomSearch } from '../routes.tsx'
import { AppFrame } from './app-frame.tsx'
import { DeadEnd } from './dead-end.ts'
import { RoomBanner } from './room/room-banner.tsx'
import { besideQuery, RoomPanes } from './room/room-panes.tsx'
import { RoomTitle } from './room/room-title.tsx'
import { useGoToItem } from './room/use-go-to-item.ts'
import { useRoom } from './room/use-room.ts'

const SandboxBanner = lazy(async () => ({ default: (await import('./room/sandbox-banner.tsx')).SandboxBanner }))
/** After the last change of a session, the notices are asked for. */
const noticeDelayMs = 400

/** A room: the conversation, the workspace and the plan of one project, as its documents are now. */
export function RoomPage() {
  const { t } = useTranslation('room')
  const { projectId } = useParams({ from: '/signed-in/p/$projectId' })
  const named = useParams({ strict: false }).sessionId
  const sessionId = SessionId.safeParse(named).data
  const room = useRoom(projectId, sessionId)
  const navigate = useNavigate()
  const sessionGone = room.project.status === 'ready' && (room.session.status === 'gone' || room.session.status === 'denied')
  const [goneId, setGoneId] = useState<SessionId>()
  /** The name of the project while it could be seen. */
  const [wasIn, setWasIn] = useState('')
  const latest = room.sessions.find((session) => session.id !== goneId)?.id

  if (sessionGone && sessionId && goneId !== sessionId) setGoneId(sessionId)
  const cutOff = named !== undefined && sessionId === undefined
  useEffect(() => {
    if (!sessionGone && !cutOff) return
    notify(t('sessionGone'), { id: 'session-gone', description: t('sessionGoneWhy') })
    void navigate({ to: '/p/$projectId', params: { projectId }, search: true, replace: true })
  }, [sessionGone, cutOff, projectId, navigate, t])
  useEffect(() => {
    if (!sessionId && latest)
      void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: latest }, search: true, replace: true })
  }, [sessionId, latest, projectId, navigate])

  // What the room knows at once, the counts beside it should not learn a while later.
  const client = useQueryClient()
  const pending = room.approvals.map(({ id, votes, notes = [] }) => `${id} ${votes.length} ${notes.length}`).join(' ')
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] })
  }, [client, pending])
  const talks = room.sessions.map(({ id, updatedAt }) => `${id} ${updatedAt}`).join(' ')
  useEffect(() => {
    // A run changes its session many times a second.
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: [noticeCalls.listNotices.name] }), noticeDelayMs)
    return () => clearTimeout(timer)
  }, [client, talks])

  const { create: start } = useCreateSession(projectId, (id) => {
    void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id }, search: true })
  })
  const { t: command } = useTranslation('commands')
  const mayStart = can(room.role, 'session.create')
  useCommands(mayStart ? [{ id: 'session.new', label: command('newSession'), group: 'session', run: () => start() }] : [])

  const { awareness } = room.project
  const presence = useMemo(() => ({ awareness, selfId: room.me.id }), [awareness, room.me.id])
  const openItem = useGoToItem(!useMedia(besideQuery))
  const openFile = (file: FilePath) => {
    void navigate({
      to: '.',
      search: (before: RoomSearch): RoomSearch => ({ ...before, tab: 'files', pane: 'workspace', file, as: undefined }),
      replace: true,
    })
  }

  const { status } = room.project
  if (status === 'ready' && wasIn !== room.name) setWasIn(room.name)
  if (status === 'denied' || status === 'gone') {
    const isGone = status === 'gone'
    return wasIn ? <DeadEnd why={isGone ? 'projectGone' : 'removed'} name={wasIn} /> : <DeadEnd why={isGone ? 'projectMissing' : 'noAccess'} />
  }
  return (
    <HueProvider ids={room.people.map((person) => person.id)}>
      <PresenceContext value={presence}>
        <AppFrame
          projectId={projectId}
          sessionId={sessionId}
          places={{ sessions: room.sessions, openFile, openItem: sessionId && openItem, startSession: mayStart ? start : undefined }}
        >
          <RoomTitle room={room} />
          <RoomBanner room={room} />
          <Suspense>
            {(room.sandbox?.status === 'failed' || room.sandbox?.status === 'paused') && (
              <SandboxBanner
                projectId={projectId}
                state={room.sandbox}
                mayControl={can(room.role, 'sandbox.control')}
                mayConfigure={can(room.role, 'sandbox.configure')}
              />
            )}
          </Suspense>
          <RoomPanes room={room} projectId={projectId} sessionId={sessionId} />
        </AppFrame>
      </PresenceContext>
    </HueProvider>
  )
}
