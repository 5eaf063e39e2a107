import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { approvalCalls } from '#shared/approvals/api.ts'
import { SessionId, UserId, type ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { noticeCalls } from '#shared/notices/api.ts'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { can } from '#shared/projects/roles.ts'
import { useCommands } from '../commands/commands.ts'
import { HueProvider } from '../theme/hues.tsx'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { useStored } from '../offline/stored.ts'
import { useMedia, usePhone } from '../ui/use-media.ts'
import { PresenceContext } from '../sync/use-presence.ts'
import { useWidth } from './use-width.ts'
import { noteRecentFile } from '../palette/recent.ts'
import { planClosedKey } from '../plan/plan.tsx'
import { Follow } from '../presence/follow.tsx'
import { PeopleHere } from '../presence/people-here.tsx'
import { usePublishPresence } from '../presence/use-publish.ts'
import { useCreateSession } from '../projects/sessions/use-create-session.ts'
import type { RoomSearch } from '../routes.tsx'
import type { OpenPlace } from '../trajectory/row-context.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { AppFrame } from './app-frame.tsx'
import { NoAccessPage, ProjectMissingPage, RemovedPage } from './not-found.tsx'
import { PaneTabs } from './room/pane-tabs.tsx'
import { RoomApprovals } from './room/room-approval.tsx'
import { RoomBanner } from './room/room-banner.tsx'
import { RoomHeader } from './room/room-header.tsx'
import { RoomPlan } from './room/room-plan.tsx'
import { RoomTitle } from './room/room-title.tsx'
import { mention, Talk } from './room/talk.tsx'
import { useGoToItem } from './room/use-go-to-item.ts'
import { useHeight } from './room/use-height.ts'
import { useRunFollower } from './room/run-follower.tsx'
import { useRoom, type Room } from './room/use-room.ts'
import { useShownPlace } from './room/use-shown-place.ts'
import { Workspace } from './room/workspace.tsx'
import { useSuggestions } from './room/use-suggestions.ts'

const SandboxBanner = lazy(async () => ({ default: (await import('./room/sandbox-banner.tsx')).SandboxBanner }))
const ShareDialog = lazy(async () => ({ default: (await import('../projects/share-dialog.tsx')).ShareDialog }))

/** Wide enough for the conversation and the workspace side by side. */
const besideQuery = '(min-width: 960px)'
const talkWidth = { normal: 496, min: 400, max: 720 }
/** The workspace keeps this much, in pixels, whatever the conversation would like. */
const workspaceMin = 480

/** After the last change of a session, the notices are asked for. */
const noticeDelayMs = 400

/** An open plan shows a few steps even where the dock beside it is low, in pixels. */
const planMinHeight = 154

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

  const create = useCreateSession(projectId, (id) => {
    void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id }, search: true })
  })
  const start = (title?: string) => create.mutate(title, { onError: (error) => notify.error(t('notCreated'), { description: describeError(error) }) })
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
    if (wasIn) return <RemovedPage deleted={status === 'gone'} name={wasIn} />
    return status === 'gone' ? <ProjectMissingPage /> : <NoAccessPage />
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
          <Panes room={room} projectId={projectId} sessionId={sessionId} />
        </AppFrame>
      </PresenceContext>
    </HueProvider>
  )
}

type PanesProps = { room: Room; projectId: ProjectId; sessionId: SessionId | undefined }

function Panes({ room, projectId, sessionId }: PanesProps) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const navigate = useNavigate()
  const wide = useMedia(besideQuery)
  const roomy = useMedia('(min-width: 1120px)')
  const phone = usePhone()
  const [width, setWidth] = useWidth('talk', talkWidth)
  const [dockRef, dockHeight] = useHeight()
  const [planClosed] = useStored(planClosedKey)
  const [sharing, setSharing] = useState(false)
  const { followed, offered, touch, chip, follower } = useRunFollower(room, wide)
  const { search, show, lead } = useShownPlace({ projectId, sessionId, wide, onChosen: touch })
  const tab = search.tab ?? 'files'
  const pane = search.pane ?? 'talk'
  const onTab = useCallback((next: WorkspaceTab) => show({ tab: next, ...(!wide && { pane: 'workspace' }) }), [show, wide])
  // What is opened from the conversation is left again by the way back.
  const onOpen = useCallback(
    ({ tab, file, look, port }: OpenPlace) => {
      touch()
      show({ tab, ...(file && { file, as: look }), ...(port !== undefined && { port }), ...(!wide && { pane: 'workspace' }) }, false)
    },
    [show, wide, touch],
  )
  const onFile = useCallback((file: FilePath | undefined) => show({ file, as: undefined }), [show])
  const onLook = useCallback((as: RoomSearch['as']) => show({ as }), [show])
  const onPort = useCallback((port: number | undefined) => show({ port }), [show])
  useCommands([
    { id: 'room.share', label: command('share'), group: 'room', run: () => setSharing(true) },
    {
      id: 'room.settings',
      label: command('projectSettings'),
      group: 'room',
      run: () => void navigate({ to: '/settings/$projectId', params: { projectId } }),
    },
  ])

  useEffect(() => {
    if (search.file) noteRecentFile(projectId, search.file)
  }, [projectId, search.file])
  useSuggestions(room.session.doc, room.session.status === 'ready', onTab)
  const { theirs, mine } = room.reading
  usePublishPresence(room.project.awareness, room.me, {
    place: { sessionId, tab, file: search.file },
    following: UserId.safeParse(room.following).data ?? null,
    reading: mine,
  })
  // Of one pane at a time: the conversation while the followed one moves in it.
  useEffect(() => {
    let begun = theirs.get() !== undefined
    return theirs.subscribe(() => {
      if (!wide && begun && theirs.get()) show({ pane: 'talk' })
      begun = theirs.get() !== undefined
    })
  }, [theirs, wide, show])
  const follow = (
    <Follow
      following={room.following}
      onFollow={room.follow}
      go={lead}
      sessionId={sessionId}
      theirs={theirs}
      agents={room.agents}
      sessions={room.sessions}
      session={room.session.doc}
      project={room.project.doc}
    />
  )

  const people = (
    <PeopleHere
      agents={room.agents}
      following={room.following}
      onFollow={room.follow}
      onMention={room.mayWrite ? (name) => mention(room, projectId, sessionId, name) : undefined}
      most={phone ? 3 : 6}
    />
  )
  const share = phone ? (
    <IconButton label={t('share')} onClick={() => setSharing(true)}>
      <UserPlus size={17} />
    </IconButton>
  ) : (
    <Button onClick={() => setSharing(true)}>{t('share')}</Button>
  )
  const workspace = (
    <Workspace
      room={room}
      projectId={projectId}
      sessionId={sessionId}
      tab={tab}
      onTab={onTab}
      file={search.file}
      onFile={onFile}
      look={search.as}
      onLook={onLook}
      port={search.port}
      onPort={onPort}
      chip={chip}
      follows={followed?.agentId}
      offers={offered?.agentId}
      narrow={!wide}
      aside={
        roomy ? (
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
        <div className="flex min-w-0 shrink-0 flex-col" style={{ width: `clamp(${talkWidth.min}px, ${width}px, calc(100% - ${workspaceMin}px))` }}>
          <RoomHeader
            room={room}
            projectId={projectId}
            phone={false}
            aside={
              // The tabs need the whole of their line there.
              roomy ? undefined : (
                <>
                  {people}
                  {share}
                </>
              )
            }
          />
          <Talk room={room} projectId={projectId} sessionId={sessionId} onOpen={onOpen} dockRef={dockRef} />
        </div>
        <Splitter
          label={t('talkWidth')}
          width={width}
          min={talkWidth.min}
          max={talkWidth.max}
          onChange={setWidth}
          onReset={() => setWidth(talkWidth.normal)}
        />
        <div className="flex min-w-0 flex-1 flex-col">
          {workspace}
          <div className="shrink-0 border-t border-line" style={{ height: planClosed === 'yes' ? 'auto' : Math.max(planMinHeight, dockHeight) }}>
            <RoomPlan room={room} projectId={projectId} sessionId={sessionId} alwaysOpen={false} />
          </div>
        </div>
        {follow}
        {follower(lead)}
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
      {pane === 'talk' && <Talk room={room} projectId={projectId} sessionId={sessionId} onOpen={onOpen} />}
      {pane === 'plan' && (
        <div className="min-h-0 flex-1">
          <RoomPlan room={room} projectId={projectId} sessionId={sessionId} alwaysOpen />
        </div>
      )}
      {pane === 'workspace' && workspace}
      {pane === 'approvals' && <RoomApprovals room={room} />}
      <PaneTabs pane={pane} onPane={(next) => show({ pane: next })} waiting={room.approvals.length} />
      {follow}
      {dialog}
    </main>
  )
}
