import { lazy, Suspense, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { UserId } from '#shared/base/ids.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import { useHue } from '../base/hues.tsx'
import { usePresentPart, type Present } from '../base/use-presence.ts'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { placeText } from './place-text.ts'

const PersonCard = lazy(() => import('./person-card.tsx'))

type PersonHere = Pick<Present, 'user' | 'self'>

/** Where each of them is, is for their own mark to know. */
const whoIsHere = (present: readonly Present[]): PersonHere[] => present.map(({ user, self }) => ({ user, self }))

type AgentHere = RoomAgent & { state: 'ready' | 'working' | 'waiting' }

type Props = {
  agents: readonly AgentHere[]
  following: UserId | null
  onFollow(id: UserId | null): void
  /** Names somebody in what is being written; absent for those who may not write. */
  onMention: ((name: string) => void) | undefined
  /** As many marks as there is room for; the rest is counted. */
  most: number
}

/** Who is in the room now: people as circles in their hue, agents as squares. Press a person to see where they are. */
export function PeopleHere({ agents, following, onFollow, onMention, most }: Props) {
  const { t } = useTranslation('presence')
  const present = usePresentPart(whoIsHere)
  const shown = present.length > most ? present.slice(0, most - 1) : present
  const more = present.slice(shown.length)
  return (
    <ul aria-label={t('people')} className="flex items-center">
      {shown.map((person, i) => (
        <li key={person.user.id} className={cx('flex', i > 0 && '-ml-1')} style={{ zIndex: present.length - i }}>
          <Person person={person} followed={following === person.user.id} onFollow={onFollow} onMention={onMention} />
        </li>
      ))}
      {more.length > 0 && (
        <li className="ml-1 text-small text-fg-2" title={more.map(({ user }) => user.name).join(', ')}>
          <span aria-hidden>+{more.length}</span>
          <span className="sr-only">{more.map(({ user }) => user.name).join(', ')}</span>
        </li>
      )}
      {agents.map((agent) => (
        <li
          key={agent.id}
          className="ml-1 flex"
          title={`${agent.demo ? t('demo', { name: agent.name }) : agent.name}: ${t(`agentState.${agent.state}`)}`}
        >
          <AgentMark id={agent.id} state={agent.state} />
          <span className="sr-only">{t('agent', { name: agent.name })}</span>
        </li>
      ))}
    </ul>
  )
}

type PersonProps = { person: PersonHere; followed: boolean } & Pick<Props, 'onFollow' | 'onMention'>

function Person({ person: here, followed, onFollow, onMention }: PersonProps) {
  const { t } = useTranslation('presence')
  const person: Present = usePresentPart((present) => present.find(({ user }) => user.id === here.user.id)) ?? here
  const colour = useHue(person.user.id)
  const [open, setOpen] = useState<boolean>()
  const { name, id } = person.user
  const mark = (
    <span className="inline-flex rounded-full ring-2 ring-surface">
      <PersonMark name={name} colour={colour} ring={followed} state={person.active === false ? 'away' : 'here'} />
    </span>
  )
  if (person.self) {
    return (
      <span title={t('you', { name })} className="inline-flex">
        {mark}
        <span className="sr-only">{name}</span>
      </span>
    )
  }
  const trigger = (
    <button
      type="button"
      aria-haspopup="dialog"
      title={t('place.at', { name, place: placeText(person) })}
      onClick={open === undefined ? () => setOpen(true) : undefined}
      className="relative inline-flex rounded-full before:absolute before:-inset-[3px] pointer-coarse:before:-inset-y-[11px]"
    >
      {mark}
      <span className="sr-only">{name}</span>
    </button>
  )
  if (open === undefined) return trigger
  return (
    <Suspense fallback={trigger}>
      <PersonCard
        person={person}
        followed={followed}
        open={open}
        onOpenChange={setOpen}
        onFollow={() => onFollow(followed ? null : id)}
        onMention={onMention && (() => onMention(name))}
        trigger={trigger}
      />
    </Suspense>
  )
}
