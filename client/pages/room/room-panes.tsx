import { useNavigate } from '@tanstack/react-router'
import { UserPlus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { lazy } from '../../ui/lazy.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { useCommands } from '../../commands/commands.ts'
import { useMedia, usePhone } from '../../ui/use-media.ts'
import { Follow } from '../../presence/follow.tsx'
import { PeopleHere } from '../../presence/people-here.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { PaneTabs } from './pane-tabs.tsx'
import { ApprovalSkeleton } from './room-approval.tsx'
import { RoomHeader } from './room-header.tsx'
import { RoomPlan } from './room-plan.tsx'
import { useRunFollower } from './run-follower.tsx'
import { mention, Talk } from './talk.tsx'
import { usePanes } from './use-panes.ts'
import type { Room } from './use-room.ts'
import { useSuggestions } from './use-suggestions.ts'
import { WidePanes } from './wide-panes.tsx'
import { Workspace } from './workspace.tsx'

const RoomApprovals = lazy(() => import('./room-approvals.tsx'))
const ShareDialog = lazy(async () => ({ default: (await import('../../projects/share-dialog.tsx')).ShareDialog }))

/** Wide enough for the conversation and the workspace side by side. */
export const besideQuery = '(min-width: 960px)'

type Props = { room: Room; projectId: ProjectId; sessionId: SessionId | undefined }

/** The conversation, the workspace and the plan of a room: side by side where there is room for them, else one at a time. */
export function RoomPanes({ room, projectId, sessionId }: Props) {
  const { t } = useTranslation('room')
  const { t: command } = useTranslation('commands')
  const navigate = useNavigate()
  const wide = useMedia(besideQuery)
  const roomy = useMedia('(min-width: 1120px)')
  const phone = usePhone()
  const [sharing, setSharing] = useState(false)
  const { followed, offered, touch, chip, follower } = useRunFollower(room, wide)
  const { pane, show, lead, onOpen, shown } = usePanes({ room, projectId, sessionId, wide, touch })
  useCommands([
    { id: 'room.share', label: command('share'), group: 'room', run: () => setSharing(true) },
    {
      id: 'room.settings',
      label: command('projectSettings'),
      group: 'room',
      run: () => void navigate({ to: '/settings/$projectId', params: { projectId } }),
    },
  ])
  useSuggestions(room.session.doc, room.session.status === 'ready', shown.onTab)

  const here = { room, projectId, sessionId }
  const people = (
    <>
      <PeopleHere
        agents={room.agents}
        following={room.following}
        onFollow={room.follow}
        onMention={room.mayWrite ? (name) => mention(room, projectId, sessionId, name) : undefined}
        most={phone ? 3 : 6}
      />
      {phone ? (
        <IconButton label={t('share')} onClick={() => setSharing(true)}>
          <UserPlus size={17} />
        </IconButton>
      ) : (
        <Button onClick={() => setSharing(true)}>{t('share')}</Button>
      )}
    </>
  )
  const workspace = (
    <Workspace
      {...here}
      {...shown}
      chip={chip}
      follows={followed?.agentId}
      offers={offered?.agentId}
      narrow={!wide}
      aside={roomy ? <div className="flex items-center gap-2.5">{people}</div> : undefined}
    />
  )
  const over = (
    <>
      <Follow
        following={room.following}
        onFollow={room.follow}
        go={lead}
        sessionId={sessionId}
        theirs={room.reading.theirs}
        agents={room.agents}
        sessions={room.sessions}
        session={room.session.doc}
        project={room.project.doc}
      />
      {wide && follower(lead)}
      {sharing && (
        <Suspense>
          <ShareDialog open onOpenChange={setSharing} projectId={projectId} name={room.name} role={room.role} />
        </Suspense>
      )}
    </>
  )

  // The tabs need the whole of their line where it is tight.
  if (wide) return <WidePanes {...here} onOpen={onOpen} workspace={workspace} aside={roomy ? undefined : people} over={over} />
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <RoomHeader room={room} projectId={projectId} phone={phone} aside={people} />
      {pane === 'talk' && <Talk {...here} onOpen={onOpen} />}
      {pane === 'plan' && (
        <div className="min-h-0 flex-1">
          <RoomPlan {...here} alwaysOpen />
        </div>
      )}
      {pane === 'workspace' && workspace}
      {pane === 'approvals' && (
        <Suspense fallback={<ApprovalSkeleton />}>
          <RoomApprovals room={room} />
        </Suspense>
      )}
      <PaneTabs pane={pane} onPane={(next) => show({ pane: next })} waiting={room.approvals.length} />
      {over}
    </main>
  )
}
