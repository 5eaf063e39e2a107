import { Suspense, useEffect, useRef, type ReactNode } from 'react'
import { lazy } from '../../ui/lazy.ts'
import type { RoomPlace } from '../../presence/agent-place.ts'
import { useFollowRun } from '../../presence/use-follow-run.ts'
import type { Room } from './use-room.ts'

const FollowRun = lazy(() => import('../../presence/follow-run.tsx'))
const FollowChip = lazy(() => import('../../presence/follow-chip.tsx'))

/** The room goes with the run of its session, while nobody has chosen anything in it: its parts, to be put where they belong. */
export function useRunFollower(room: Room, wide: boolean) {
  const { followed, offered, touch, toggle, end } = useFollowRun(room.run, { wide, me: room.me.id, followsOther: room.following !== null })
  // Whom one chose to follow, and that one stopped, is one's own doing as well.
  const { following } = room
  const before = useRef(following)
  useEffect(() => {
    if (before.current !== following) touch()
    before.current = following
  }, [following, touch])
  const chip: ReactNode = offered && (
    <Suspense>
      <FollowChip run={offered} on={followed !== undefined} onToggle={toggle} />
    </Suspense>
  )
  const follower = (go: (place: RoomPlace) => void): ReactNode =>
    followed && (
      <Suspense>
        <FollowRun key={followed.id} run={followed} session={room.session.doc} project={room.project.doc} go={go} onWriting={touch} onEnd={end} />
      </Suspense>
    )
  return { followed, offered, touch, chip, follower }
}
