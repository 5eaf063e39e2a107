import { useContext, useEffect, useRef } from 'react'
import type { UserId } from '#shared/base/ids.ts'
import { useHue } from '../theme/hues.tsx'
import { sameValue } from '../sync/same-value.ts'
import { PresenceContext, usePresentPart } from '../sync/use-presence.ts'
import { PersonMark } from '../ui/marks.tsx'
import { FollowBar } from './follow-bar.tsx'
import type { FollowProps } from './follow.tsx'
import { readPlace } from './read-place.ts'

type Props = FollowProps & { person: { id: UserId; name: string } }

/** Goes where somebody goes, and reads what they read. */
export default function FollowPerson({ person: { id, name }, onFollow, go, sessionId, theirs }: Props) {
  const { awareness } = useContext(PresenceContext)
  const colour = useHue(id)
  const place = usePresentPart((present) => present.find((person) => person.user.id === id)?.place)
  const latest = useRef(go)
  useEffect(() => {
    latest.current = go
  })
  const there = place && JSON.stringify([place.sessionId, place.tab, place.file])
  useEffect(() => {
    const at = awareness && readPlace(awareness, id)
    if (!there || !at) return
    const { sessionId: session, tab, file } = at
    latest.current({ ...(session && { sessionId: session }), ...(tab && { tab }), ...(file && { file }) })
  }, [awareness, id, there])

  useEffect(() => {
    if (!awareness) return
    const read = () => {
      const at = readPlace(awareness, id)
      const next = at && at.sessionId === sessionId ? at.reading : undefined
      if (!sameValue(theirs.get(), next)) theirs.set(next)
    }
    read()
    awareness.on('change', read)
    return () => {
      awareness.off('change', read)
      theirs.set(undefined)
    }
  }, [awareness, id, sessionId, theirs])
  return <FollowBar name={name} colour={colour} mark={<PersonMark name={name} colour={colour} size="small" />} onStop={() => onFollow(null)} />
}
