import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { SessionId, type ProjectId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import { presenceOf, usePartOf, type Present } from '../../sync/use-presence.ts'
import { Plan } from '../../plan/plan.tsx'
import { isShown, type Room } from './use-room.ts'

/** Who is here, without where else they are. */
const atPlan = (present: readonly Present[]): Present[] => present.map(({ place: _, typing: _typing, ...rest }) => rest)

type Props = { room: Room; projectId: ProjectId; sessionId: SessionId | undefined; alwaysOpen: boolean }

/** The plan with who edits what in it. A leaf: carets that move render nothing else. */
export function RoomPlan({ room, projectId, sessionId, alwaysOpen }: Props) {
  const navigate = useNavigate()
  const { sessions } = room
  const titleOf = useCallback((id: string) => sessions.find((session) => session.id === id)?.title, [sessions])
  const onSession = useCallback(
    (id: string) => {
      const session = SessionId.safeParse(id).data
      if (session) void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: session }, search: true })
    },
    [navigate, projectId],
  )
  const present = usePartOf(presenceOf(room.project.awareness, room.me.id, true), atPlan)
  return (
    <Plan
      doc={room.board.doc}
      ready={isShown(room.board)}
      mayEdit={isShown(room.board) && room.board.access === 'write' && can(room.role, 'board.write')}
      people={room.people}
      agents={room.agents}
      awareness={room.project.awareness}
      present={present}
      approvals={room.approvals}
      sessionId={sessionId}
      titleOf={titleOf}
      onSession={onSession}
      alwaysOpen={alwaysOpen}
    />
  )
}
