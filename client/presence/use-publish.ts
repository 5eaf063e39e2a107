import { useEffect } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { UserId } from '#shared/base/ids.ts'
import type { Place, Reading } from '#shared/presence/schema.ts'
import type { Store } from '../ui/store.ts'

/** Somebody whose page is seen, but who does nothing for this long, is away. */
const idleMs = 5 * 60_000

type Shown = {
  place: Place
  following: UserId | null
  /** What this person reads; told as often as it is set. */
  reading: Store<Reading | undefined>
}

/** Shows the room where this person is, what they read, whom they follow, and whether they are at the page. */
export function usePublishPresence(awareness: Awareness | null, user: { id: UserId; name: string }, { place, following, reading }: Shown) {
  const { id, name } = user
  const { sessionId, tab, file } = place
  useEffect(() => {
    if (!awareness) return
    let lastInputAt = Date.now()
    let timer: ReturnType<typeof setTimeout> | undefined
    let active: boolean | undefined
    const publish = () => {
      const before = awareness.getLocalState() as { place?: Place } | null
      const selection = file !== undefined && before?.place?.file === file ? before.place.selection : undefined
      const read = sessionId && reading.get()
      active = document.visibilityState === 'visible' && Date.now() - lastInputAt < idleMs
      awareness.setLocalState({
        ...before,
        user: { id, name },
        active,
        place: {
          ...(sessionId && { sessionId }),
          ...(tab && { tab }),
          ...(file && { file }),
          ...(selection && { selection }),
          ...(read && { reading: read }),
        },
        following,
      })
      clearTimeout(timer)
      if (active) timer = setTimeout(publish, idleMs)
    }
    const onInput = () => {
      const was = active
      lastInputAt = Date.now()
      if (was === false) publish()
    }
    publish()
    const stopReading = reading.subscribe(publish)
    document.addEventListener('visibilitychange', publish)
    const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
    for (const input of inputs) window.addEventListener(input, onInput, { passive: true })
    return () => {
      clearTimeout(timer)
      stopReading()
      document.removeEventListener('visibilitychange', publish)
      for (const input of inputs) window.removeEventListener(input, onInput)
    }
  }, [awareness, id, name, sessionId, tab, file, following, reading])
}
