import { Suspense, useState, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import { useHue } from '../theme/hues.tsx'
import { usePresentPart, type Present } from '../sync/use-presence.ts'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import type { Followed } from './follow.tsx'
import { placeText } from './place-text.ts'

const PersonCard = lazy(() => import('./person-card.tsx'))

type PersonHere = Pick<Present, 'user' | 'self'>

/** Where each of them is, is for their own mark to know. */
const whoIsHere = (present: readonly Present[]): PersonHere[] => present.map(({ user, self }) => ({ user, self }))

type AgentHere = RoomAgent & { state: 'ready' | 'working' | 'waiting' }

type Props = {
  agents: readonly AgentHere[]
  following: Followed | null
  onFollow(id: Followed | null): void
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
        <li key={agent.id} className="ml-1 flex">
          <Agent agent={agent} followed={following === agent.id} onFollow={onFollow} onMention={onMention} />
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
  return (
    <WithCard
      name={name}
      where={placeText(person)}
      large={<PersonMark name={name} colour={colour} size="large" state={person.active === false ? 'away' : 'here'} />}
      followed={followed}
      onFollow={() => onFollow(followed ? null : id)}
      onMention={onMention && (() => onMention(name))}
    >
      {mark}
      <span className="sr-only">{name}</span>
    </WithCard>
  )
}

type AgentProps = { agent: AgentHere; followed: boolean } & Pick<Props, 'onFollow' | 'onMention'>

function Agent({ agent: { id, name, state, demo }, followed, onFollow, onMention }: AgentProps) {
  const { t } = useTranslation('presence')
  return (
    <WithCard
      name={demo ? t('demo', { name }) : name}
      where={t(`agentState.${state}`)}
      large={<AgentMark id={id} size="large" state={state} />}
      followed={followed}
      onFollow={() => onFollow(followed ? null : id)}
      onMention={onMention && (() => onMention(name))}
    >
      <span className={cx('inline-flex rounded-sm', followed && 'outline-[1.5px] outline-offset-2 outline-ink')}>
        <AgentMark id={id} state={state} />
      </span>
      <span className="sr-only">{t('agent', { name })}</span>
    </WithCard>
  )
}

type CardProps = Omit<Parameters<typeof PersonCard>[0], 'open' | 'onOpenChange' | 'trigger'> & { children: ReactNode }

/** A mark that opens the card of whom it stands for, which is fetched when it is first asked for. */
function WithCard({ children, ...card }: CardProps) {
  const { t } = useTranslation('presence')
  const [open, setOpen] = useState<boolean>()
  const trigger = (
    <button
      type="button"
      aria-haspopup="dialog"
      title={t('place.at', { name: card.name, place: card.where })}
      onClick={open === undefined ? () => setOpen(true) : undefined}
      className="relative inline-flex rounded-full before:absolute before:-inset-[3px] pointer-coarse:before:-inset-y-[11px]"
    >
      {children}
    </button>
  )
  if (open === undefined) return trigger
  return (
    <Suspense fallback={trigger}>
      <PersonCard {...card} open={open} onOpenChange={setOpen} trigger={trigger} />
    </Suspense>
  )
}
