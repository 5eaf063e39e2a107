import { useEffect, useRef } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { UserId } from '#shared/base/ids.ts'
import type { Place } from '#shared/presence/schema.ts'
import type { Present } from '../base/use-presence.ts'

/** Shows the room where this person is, whom they follow, and whether they look at the page. */
export function usePublishPresence(awareness: Awareness | null, user: { id: UserId; name: string }, place: Place, following: UserId | null) {
  const { id, name } = user
  const { sessionId, tab, file } = place
  useEffect(() => {
    if (!awareness) return
    const publish = () => {
      const before = awareness.getLocalState() as { place?: Place } | null
      // What is selected in the file is published from there.
      const selection = file && before?.place?.file === file ? before.place.selection : undefined
      awareness.setLocalState({
        ...before,
        user: { id, name },
        active: document.visibilityState === 'visible',
        place: { ...(sessionId && { sessionId }), ...(tab && { tab }), ...(file && { file }), ...(selection && { selection }) },
        following,
      })
    }
    publish()
    document.addEventListener('visibilitychange', publish)
    return () => document.removeEventListener('visibilitychange', publish)
  }, [awareness, id, name, sessionId, tab, file, following])
}

/** Goes where the followed person goes. Anything this person does themselves stops it. */
export function useFollow(present: readonly Present[], following: UserId | null, go: (place: Place) => void, stop: () => void) {
  const followed = present.find((person) => person.user.id === following)
  const { sessionId, tab, file } = followed?.place ?? {}
  const there = followed?.place !== undefined
  const latest = useRef({ go, stop })
  useEffect(() => {
    latest.current = { go, stop }
  })

  useEffect(() => {
    if (following && there) latest.current.go({ ...(sessionId && { sessionId }), ...(tab && { tab }), ...(file && { file }) })
  }, [following, there, sessionId, tab, file])

  useEffect(() => {
    if (!following) return
    const end = () => latest.current.stop()
    const events = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
    for (const name of events) window.addEventListener(name, end, { passive: true })
    return () => {
      for (const name of events) window.removeEventListener(name, end)
    }
  }, [following])

  const gone = following !== null && followed === undefined
  useEffect(() => {
    if (gone) latest.current.stop()
  }, [gone])
}
