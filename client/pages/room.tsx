import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ShieldCheck, UserPlus } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { notify } from '../base/notify.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import { SessionId, type ProjectId } from '#shared/base/ids.ts'
import type { Place } from '#shared/presence/schema.ts'
import { can } from '#shared/projects/roles.ts'
import { ApprovalCard } from '../approvals/approval-card.tsx'
import { HueProvider } from '../base/hues.tsx'
import { useMedia } from '../base/use-media.ts'
import { useStored } from '../base/stored.ts'
import { Plan, planClosedKey } from '../plan/plan.tsx'
import { PeopleHere } from '../presence/people-here.tsx'
import { useFollow, usePublishPresence } from '../presence/use-publish.ts'
import type { RoomSearch } from '../routes.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { AppFrame, useWidth } from './app-frame.tsx'
import { NoAccessPage, NotFoundPage } from './not-found.tsx'
import { PaneTabs } from './room/pane-tabs.tsx'
import { RoomBanner } from './room/room-banner.tsx'
import { RoomHeader } from './room/room-header.tsx'
import { Talk } from './room/talk.tsx'
import { useHeight } from './room/use-height.ts'
import { isShown, useRoom, type Room } from './room/use-room.ts'
import { Workspace } from './room/workspace.tsx'

const ShareDialog = lazy(() => import('../projects/share-dialog.tsx').then((file) => ({ default: file.ShareDialog })))

const talkWidth = { normal: 496, min: 400, max: 720 }

/** An open plan shows a few steps even where the dock beside it is low, in pixels. */
const planMinHeight = 154

/** A room: the conversation, the workspace and the plan of one project, as its documents are now. */
export function RoomPage() {
  const { projectId } = useParams({ from: '/signed-in/p/$projectId' })
  const sessionId = SessionId.safeParse(useParams({ strict: false }).sessionId).data
  const room = useRoom(projectId, sessionId)
  const navigate = useNavigate()
  const sessionGone = room.project.status === 'ready' && (room.session.status === 'gone' || room.session.status === 'denied')
  const [goneId, setGoneId] = useState<SessionId>()
  const latest = room.sessions.find((session) => session.id !== goneId)?.id

  if (sessionGone && sessionId && goneId !== sessionId) setGoneId(sessionId)
  useEffect(() => {
    if (!sessionGone) return
    notify('This session is not here any more', { id: 'session-gone', description: 'It was deleted, or the address is wrong.' })
    void navigate({ to: '/p/$projectId', params: { projectId }, search: true, replace: true })
  }, [sessionGone, projectId, navigate])
  useEffect(() => {
    if (!sessionId && latest)
      void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: latest }, search: true, replace: true })
  }, [sessionId, latest, projectId, navigate])

  // What the room knows at once, the counts beside it should not learn a while later.
  const client = useQueryClient()
  const pending = room.approvals.map((approval) => approval.id).join(' ')
  useEffect(() => {
    void client.invalidateQueries({ queryKey: [approvalCalls.listApprovals.name] })
  }, [client, pending])

  if (room.project.status === 'denied') return <NoAccessPage />
  if (room.project.status === 'gone') return <NotFoundPage />
  return (
    <HueProvider ids={room.people.map((person) => person.id)}>
      <AppFrame projectId={projectId} sessionId={sessionId}>
        <RoomBanner watching={room.roleKnown && room.role === 'viewer'} />
        <Panes room={room} projectId={projectId} sessionId={sessionId} />
      </AppFrame>
    </HueProvider>
  )
}

type PanesProps = { room: Room; projectId: ProjectId; sessionId: SessionId | undefined }

function Panes({ room, projectId, sessionId }: PanesProps) {
  const search = useSearch({ from: '/signed-in/p/$projectId' })
  const navigate = useNavigate()
  const wide = useMedia('(min-width: 960px)')
  const phone = useMedia('(max-width: 639.98px)')
  const [width, setWidth] = useWidth('talk', talkWidth)
  const [dockRef, dockHeight] = useHeight()
  const [planClosed] = useStored(planClosedKey)
  const [sharing, setSharing] = useState(false)
  const tab = search.tab ?? 'files'
  const pane = search.pane ?? 'talk'
  const show = (next: Partial<RoomSearch>) => void navigate({ to: '.', search: (before: RoomSearch) => ({ ...before, ...next }), replace: true })

  usePublishPresence(room.project.awareness, room.me, { sessionId, tab, file: search.file }, room.following)
  useFollow(
    room.present,
    room.following,
    (place: Place) => {
      const next = { tab: place.tab, file: place.file, pane: search.pane }
      if (place.sessionId && place.sessionId !== sessionId) {
        void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: place.sessionId }, search: next })
      } else show(next)
    },
    () => room.follow(null),
  )

  const people = <PeopleHere present={room.present} agents={room.agents} following={room.following} onFollow={room.follow} />
  const share = phone ? (
    <IconButton label="Share" onClick={() => setSharing(true)}>
      <UserPlus size={17} />
    </IconButton>
  ) : (
    <Button onClick={() => setSharing(true)}>Share</Button>
  )
  const plan = (alwaysOpen: boolean) => (
    <Plan
      doc={room.board.doc}
      ready={isShown(room.board)}
      mayEdit={isShown(room.board) && room.board.access === 'write' && can(room.role, 'board.write')}
      people={room.people}
      agents={room.agents}
      awareness={room.project.awareness}
      present={room.present}
      approvals={room.approvals}
      alwaysOpen={alwaysOpen}
    />
  )
  const workspace = (
    <Workspace
      room={room}
      projectId={projectId}
      tab={tab}
      onTab={(next) => show({ tab: next })}
      file={search.file}
      onFile={(file) => show({ file })}
      narrow={!wide}
      aside={
        wide ? (
          <div className="flex items-center gap-2.5">
            {people}
            {share}
          </div>
        ) : undefined
      }
    />
  )
  const dialog = sharing && (
    <Suspense>
      <ShareDialog open onOpenChange={setSharing} projectId={projectId} name={room.name} role={room.role} />
    </Suspense>
  )

  if (wide) {
    return (
      <main className="flex min-h-0 flex-1">
        <div className="flex min-w-0 shrink-0 flex-col" style={{ width: `min(${width}px, 50%)` }}>
          <RoomHeader room={room} projectId={projectId} phone={false} />
          <Talk room={room} projectId={projectId} sessionId={sessionId} dockRef={dockRef} />
        </div>
        <Splitter label="Width of the conversation" width={width} min={talkWidth.min} max={talkWidth.max} onChange={setWidth} />
        <div className="flex min-w-0 flex-1 flex-col">
          {workspace}
          <div className="shrink-0 border-t border-line" style={{ height: planClosed === 'yes' ? 'auto' : Math.max(planMinHeight, dockHeight) }}>
            {plan(false)}
          </div>
        </div>
        {dialog}
      </main>
    )
  }
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <RoomHeader
        room={room}
        projectId={projectId}
        phone={phone}
        aside={
          <>
            {people}
            {share}
          </>
        }
      />
      {pane === 'talk' && <Talk room={room} projectId={projectId} sessionId={sessionId} />}
      {pane === 'plan' && <div className="min-h-0 flex-1">{plan(true)}</div>}
      {pane === 'workspace' && workspace}
      {pane === 'approvals' && <RoomApprovals room={room} />}
      <PaneTabs pane={pane} onPane={(next) => show({ pane: next })} waiting={room.approvals.length} />
      {dialog}
    </main>
  )
}

const RoomApprovals = ({ room }: { room: Room }) =>
  room.approvals.length === 0 ? (
    <Empty className="flex-1" icon={<ShieldCheck />} title="Nothing waits for you" text="Requests from every room land here." />
  ) : (
    <ul className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4">
      {room.approvals.map((approval) => (
        <li key={approval.id}>
          <ApprovalCard approval={approval} me={room.me} role={room.role} where={approval.requestedBy.agentName} />
        </li>
      ))}
    </ul>
  )
