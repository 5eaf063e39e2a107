import { X } from 'lucide-react'
import { useContext, useEffect, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { Place } from '#shared/presence/schema.ts'
import { useCommands } from '../base/commands.ts'
import { useHue } from '../base/hues.tsx'
import { takesText } from '../base/keys.ts'
import { PresenceContext, presenceOf, usePresentPart, type Present } from '../base/use-presence.ts'
import { IconButton } from '../ui/button.tsx'
import { PersonMark } from '../ui/marks.tsx'

type Props = {
  following: UserId | null
  onFollow(id: UserId | null): void
  /** Shows what the followed person looks at. Must not move the focus. */
  go(place: Place): void
}

/** Whom one can follow next: the others who are at their pages, from the one after the last. */
export function nextToFollow(present: readonly Present[], last: UserId | null): UserId | undefined {
  const others = present.filter((person) => !person.self && person.active !== false && person.place)
  const at = others.findIndex((person) => person.user.id === last)
  return others[(at + 1) % others.length]?.user.id
}

/**
 * Goes where the followed person goes. Any input of one's own stops it, except what toggles it. The frame and the bar say
 * whose view this is.
 */
export function Follow({ following, onFollow, go }: Props) {
  const { t } = useTranslation('presence')
  const { awareness, selfId } = useContext(PresenceContext)
  const followed = usePresentPart((present) => present.find((person) => person.user.id === following))
  const others = usePresentPart((present) => present.filter((person) => !person.self).map(({ user }) => ({ user })))
  const last = useRef<UserId | null>(null)
  const { sessionId, tab, file } = followed?.place ?? {}
  const there = followed?.place !== undefined
  const latest = useRef({ go, onFollow })
  useEffect(() => {
    latest.current = { go, onFollow }
  })
  useEffect(() => {
    if (following) last.current = following
  }, [following])

  useEffect(() => {
    if (following && there) latest.current.go({ ...(sessionId && { sessionId }), ...(tab && { tab }), ...(file && { file }) })
  }, [following, there, sessionId, tab, file])

  useEffect(() => {
    if (!following) return
    return onOwnInput(() => latest.current.onFollow(null))
  }, [following])

  const gone = following !== null && followed === undefined
  useEffect(() => {
    if (gone) latest.current.onFollow(null)
  }, [gone])

  useCommands([
    {
      id: 'people.follow',
      label: following ? t('stopFollowing') : t('followNext'),
      group: 'people',
      keys: ['f'],
      run: () => {
        if (following) return onFollow(null)
        const next = nextToFollow(presenceOf(awareness, selfId).get(), last.current)
        if (!next) return false
        onFollow(next)
      },
    },
    ...others.map(({ user }) => ({
      id: `people.follow.${user.id}`,
      label: t('followNamed', { name: user.name }),
      group: 'people' as const,
      run: () => onFollow(user.id),
    })),
  ])

  return followed ? <FollowBar name={followed.user.name} id={followed.user.id} onStop={() => onFollow(null)} /> : null
}

/** Calls back on the first thing this person does themselves. Keys that toggle following, and modifiers, are not that. */
export function onOwnInput(stop: () => void): () => void {
  const onInput = (event: Event) => {
    if (event instanceof KeyboardEvent && /^(f|shift|control|alt|meta)$/i.test(event.key) && !takesText(event.target)) return
    if (event.target instanceof Element && event.target.closest('[data-follow]')) return
    stop()
  }
  const inputs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const
  for (const input of inputs) window.addEventListener(input, onInput, { passive: true, capture: true })
  return () => {
    for (const input of inputs) window.removeEventListener(input, onInput, { capture: true })
  }
}

function FollowBar({ id, name, onStop }: { id: UserId; name: string; onStop(): void }) {
  const { t } = useTranslation('presence')
  const colour = useHue(id)
  return (
    <>
      <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-[3px]" style={{ borderColor: colour }} />
      <div
        role="status"
        data-follow
        className="fade fixed inset-x-0 bottom-3 z-30 mx-auto flex w-fit max-w-[92vw] items-center gap-2 rounded-full bg-raised py-1 pr-1 pl-2 text-ui shadow-pop max-sm:bottom-[calc(64px+env(safe-area-inset-bottom))] forced-colors:border"
      >
        <PersonMark name={name} colour={colour} size="small" />
        <span className="font-label">{t('followingBar', { name })}</span>
        <span className="text-fg-3">{t('anyInput')}</span>
        <IconButton label={t('stopFollowing')} onClick={onStop} className="rounded-full!">
          <X size={14} />
        </IconButton>
      </div>
    </>
  )
}
