import { can } from '#shared/projects/roles.ts'
import { presenceOf, usePartOf, type Present } from '../../base/use-presence.ts'
import { Plan } from '../../plan/plan.tsx'
import { isShown, type Room } from './use-room.ts'

/** Who is here, without where else they are. */
const atPlan = (present: readonly Present[]): Present[] => present.map(({ place: _, typing: _typing, ...rest }) => rest)

/** The plan with who edits what in it. A leaf: carets that move render nothing else. */
export function RoomPlan({ room, alwaysOpen }: { room: Room; alwaysOpen: boolean }) {
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
      alwaysOpen={alwaysOpen}
    />
  )
}
