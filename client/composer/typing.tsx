import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type { SessionId } from '#shared/base/ids.ts'
import { formatNames } from '../base/format.ts'
import { useHue } from '../base/hues.tsx'
import { usePresentPart, type Present } from '../base/use-presence.ts'
import { PersonMark } from '../ui/marks.tsx'

const typingMs = 3000

/** Tells the room that this person writes in a session, and stops telling shortly after the last key. Key the component by session. */
export function useTyping(awareness: Awareness | null, sessionId: SessionId | undefined) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const on = useRef(false)
  const stop = useCallback(() => {
    clearTimeout(timer.current)
    if (on.current) awareness?.setLocalStateField('typing', null)
    on.current = false
  }, [awareness])
  useEffect(() => stop, [stop])
  return useMemo(
    () => ({
      typed() {
        if (!awareness || !sessionId) return
        clearTimeout(timer.current)
        timer.current = setTimeout(stop, typingMs)
        if (on.current) return
        on.current = true
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

/** Who else writes in this session now. */
export function TypingLine({ sessionId }: { sessionId: SessionId | undefined }) {
  const { t } = useTranslation('composer')
  const typing = usePresentPart((present) => writersIn(present, sessionId))
  if (typing.length === 0) return null
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
