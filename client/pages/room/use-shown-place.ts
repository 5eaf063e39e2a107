import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useRef } from 'react'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { RoomPlace } from '../../presence/agent-place.ts'
import type { RoomSearch } from '../../routes.tsx'

/** Places that following has led to, of which the address may still be on its way. */
const remembered = 8

const keyOf = ({ tab = 'files', file }: Pick<RoomSearch, 'tab' | 'file'>) => `${tab} ${file ?? ''}`

type Options = { projectId: ProjectId; sessionId: SessionId | undefined; wide: boolean; onChosen(): void }

/**
 * What of the room is shown, which stands in its address. `show` is a person's own choice, `lead` goes where somebody followed
 * goes. `onChosen` is called when the address has changed in any other way: a tab, a link, the palette, the way back.
 */
export function useShownPlace({ projectId, sessionId, wide, onChosen }: Options) {
  const search = useSearch({ from: '/signed-in/p/$projectId' })
  const navigate = useNavigate()
  const led = useRef<string[]>([])
  const show = useCallback(
    (next: Partial<RoomSearch>, replace = true) => void navigate({ to: '.', search: (before: RoomSearch) => ({ ...before, ...next }), replace }),
    [navigate],
  )
  const lead = (place: RoomPlace) => {
    const next = {
      ...(place.tab && { tab: place.tab }),
      ...((place.file || place.tab === 'files') && { file: place.file, as: place.look }),
      ...(place.port !== undefined && { port: place.port }),
      pane: wide ? search.pane : place.tab ? ('workspace' as const) : ('talk' as const),
    }
    led.current = [...led.current, keyOf({ ...search, ...next })].slice(-remembered)
    if (place.sessionId && place.sessionId !== sessionId) {
      void navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: place.sessionId }, search: next })
    } else show(next)
  }

  const now = keyOf(search)
  const before = useRef(now)
  const chosen = useRef(onChosen)
  chosen.current = onChosen
  useEffect(() => {
    if (before.current === now) return
    before.current = now
    if (!led.current.includes(now)) chosen.current()
  }, [now])
  return { search, show, lead }
}
