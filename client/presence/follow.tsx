import { Suspense, useEffect, useRef } from 'react'
import type * as Y from 'yjs'
import type { AgentId, SessionId, UserId } from '#shared/base/ids.ts'
import type { Reading } from '#shared/presence/schema.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { lazy } from '../ui/lazy.ts'
import { useCommands } from '../commands/commands.ts'
import { takesText } from '../commands/keys.ts'
import type { Store } from '../ui/store.ts'
import { usePresentPart } from '../sync/use-presence.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { RoomPlace } from './agent-place.ts'

const FollowPerson = lazy(() => import('./follow-person.tsx'))
const FollowAgent = lazy(() => import('./follow-agent.tsx'))

/** People by their id, agents by theirs; the two never look alike. */
export type Followed = UserId | AgentId

/** What a view that follows is given: how to go somewhere, and where the conversation is told what is read. */
export type FollowProps = {
  onFollow(id: Followed | null): void
  /** Shows what the followed one looks at. Must not move the focus. */
  go(place: RoomPlace): void
  /** The session that is open: of another one nothing is read here. */
  sessionId: SessionId | undefined
  theirs: Store<Reading | undefined>
}

type Props = FollowProps & {
  following: Followed | null
  agents: readonly RoomAgent[]
  sessions: readonly SessionSummary[]
  session: Y.Doc
  project: Y.Doc
}

/** Whom one can follow next: the one after the last, in a round. */
export function nextToFollow<T>(others: readonly T[], last: T | null): T | undefined {
  return others[(last === null ? 0 : others.indexOf(last) + 1) % others.length]
}

/**
 * Goes where the followed person or agent goes, reading with them. Any input of one's own stops it, except what toggles it.
 * The frame and the bar say whose view this is.
 */
export function Follow({ following, agents, sessions, session, project, ...props }: Props) {
  const { onFollow } = props
  const { t } = useTranslation('presence')
  const people = usePresentPart((present) =>
    present.filter((person) => !person.self).map(({ user, active, place }) => ({ ...user, here: active !== false && place !== undefined })),
  )
  const last = useRef<Followed | null>(null)
  useEffect(() => {
    if (following) last.current = following
  }, [following])
  const others = [...people.filter(({ here }) => here), ...agents]
  useCommands([
    {
      id: 'people.follow',
      label: following ? t('stopFollowing') : t('followNext'),
      group: 'people',
      keys: ['f'],
      run: () => {
        if (following) return onFollow(null)
        const next = nextToFollow(
          others.map(({ id }) => id),
          last.current,
        )
        if (!next) return false
        onFollow(next)
      },
    },
    ...[...people, ...agents].map(({ id, name }) => ({
      id: `people.follow.${id}`,
      label: t('followNamed', { name }),
      group: 'people' as const,
      run: () => onFollow(id),
    })),
  ])

  const stop = useRef(() => {})
  stop.current = () => onFollow(null)
  useEffect(() => {
    if (following) return onOwnInput(() => stop.current())
  }, [following])

  const person = people.find(({ id }) => id === following)
  const agent = agents.find(({ id }) => id === following)
  const gone = following !== null && !person && !agent
  useEffect(() => {
    if (gone) stop.current()
  }, [gone])

  return (
    <Suspense>
      {person && <FollowPerson key={person.id} {...props} person={person} />}
      {agent && <FollowAgent key={agent.id} {...props} agent={agent} sessions={sessions} session={session} project={project} />}
    </Suspense>
  )
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
