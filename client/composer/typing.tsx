import { useCallback, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type { SessionId } from '#shared/base/ids.ts'
import { formatNames } from '../i18n/format.ts'
import { useHue } from '../theme/hues.tsx'
import { useNow } from '../ui/use-now.ts'
import { PresenceContext, usePresentPart, type Present } from '../sync/use-presence.ts'
import { PersonMark } from '../ui/marks.tsx'

/** After the last key nothing is told of; while keys go on it is told again this often. */
const typingMs = 3000
/** Whoever has not told again by then is gone, however they went. */
const staleMs = 8000

/**
 * Tells the room that this person writes in a session. It ends when the text is sent or cleared, the page is left or hidden, and
 * a moment after the last key. Key the component by session.
 */
export function useTyping(awareness: Awareness | null, sessionId: SessionId | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const toldAt = useRef<number>(undefined)
  const stop = useCallback(() => {
    clearTimeout(timer.current)
    if (toldAt.current !== undefined) awareness?.setLocalStateField('typing', null)
    toldAt.current = undefined
  }, [awareness])
  useEffect(() => {
    // A hidden page may run no timer for a minute.
    const onHidden = () => document.visibilityState === 'hidden' && stop()
    document.addEventListener('visibilitychange', onHidden)
    window.addEventListener('pagehide', stop)
    return () => {
      document.removeEventListener('visibilitychange', onHidden)
      window.removeEventListener('pagehide', stop)
      stop()
    }
  }, [stop])
  return useMemo(
    () => ({
      typed(text: string) {
        if (!awareness || !sessionId) return
        if (text.trim() === '') return stop()
        clearTimeout(timer.current)
        timer.current = setTimeout(stop, typingMs)
        const now = Date.now()
        if (toldAt.current !== undefined && now - toldAt.current < typingMs) return
        toldAt.current = now
        awareness.setLocalStateField('typing', { sessionId })
      },
      stop,
    }),
    [awareness, sessionId, stop],
  )
}

type Writer = Pick<Present, 'user'>

/** Who else writes in a session now. */
export const writersIn = (present: readonly Present[], sessionId: SessionId | undefined): Writer[] =>
  present.filter((person) => !person.self && sessionId !== undefined && person.typing?.sessionId === sessionId).map(({ user }) => ({ user }))

const Mark = ({ person }: { person: Writer }) => <PersonMark name={person.user.name} colour={useHue(person.user.id)} size="tiny" />

/** Whether any page of a person was heard of lately. */
function isHeard(awareness: Awareness, userId: string, now: number): boolean {
  for (const [client, state] of awareness.getStates()) {
    const user: unknown = state.user
    if (typeof user !== 'object' || user === null || !('id' in user) || user.id !== userId || !state.typing) continue
    if (now - (awareness.meta.get(client)?.lastUpdated ?? 0) < staleMs) return true
  }
  return false
}

function useWriters(sessionId: SessionId | undefined): Writer[] {
  const { awareness } = useContext(PresenceContext)
  const writers = usePresentPart((present) => writersIn(present, sessionId))
  useNow(writers.length > 0 ? 2000 : null)
  // What was just told is newer than the last tick.
  return awareness ? writers.filter(({ user }) => isHeard(awareness, user.id, Date.now())) : writers
}

/** Who else writes in this session now; `otherwise` while nobody does. */
export function TypingLine({ sessionId, otherwise }: { sessionId: SessionId | undefined; otherwise: ReactNode }) {
  const { t } = useTranslation('composer')
  const typing = useWriters(sessionId)
  if (typing.length === 0) return otherwise
  const names = formatNames(typing.map((person) => person.user.name))
  return (
    <span aria-live="polite" className="flex min-w-0 items-center gap-1.5">
      <span className="flex -space-x-1">
        {typing.slice(0, 3).map((person) => (
          <Mark key={person.user.id} person={person} />
        ))}
      </span>
      <span className="truncate">{t('typing', { count: typing.length, names })}</span>
    </span>
  )
}
