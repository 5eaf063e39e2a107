import { useHue } from '../base/hues.tsx'
import type { Present } from '../base/use-presence.ts'
import type { RoomAgent } from '#shared/projects/doc.ts'
import type { UserId } from '#shared/base/ids.ts'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Eye, EyeOff } from 'lucide-react'
import { placeText } from './place-text.ts'

type AgentHere = RoomAgent & { state: 'ready' | 'working' | 'waiting' }

type Props = {
  present: readonly Present[]
  agents: readonly AgentHere[]
  following: UserId | null
  onFollow(id: UserId | null): void
}

/** Who is in the room now: people as circles in their hue, agents as squares. Press a person to follow them. */
export const PeopleHere = ({ present, agents, following, onFollow }: Props) => (
  <ul aria-label="People here" className="flex items-center">
    {present.map((person, i) => (
      <li key={person.user.id} className={cx('flex', i > 0 && '-ml-1')} style={{ zIndex: present.length - i }}>
        <Person person={person} followed={following === person.user.id} onFollow={onFollow} />
      </li>
    ))}
    {agents.map((agent) => (
      <li key={agent.id} className="ml-1 flex" title={agent.demo ? `${agent.name}, demo model` : agent.name}>
        <AgentMark id={agent.id} state={agent.state} />
        <span className="sr-only">{agent.name}, agent</span>
      </li>
    ))}
  </ul>
)

function Person({ person, followed, onFollow }: { person: Present; followed: boolean; onFollow(id: UserId | null): void }) {
  const colour = useHue(person.user.id)
  const { name, id } = person.user
  const mark = (
    <span className="inline-flex rounded-full ring-2 ring-surface">
      <PersonMark name={name} colour={colour} ring={followed} state={person.active === false ? 'idle' : 'here'} />
    </span>
  )
  if (person.self) {
    return (
      <span title={`${name} (you)`} className="inline-flex">
        {mark}
        <span className="sr-only">{name}</span>
      </span>
    )
  }
  return (
    <Menu
      trigger={
        <button type="button" title={`${name}: ${placeText(person)}`} className="inline-flex rounded-full">
          {mark}
          <span className="sr-only">{name}</span>
        </button>
      }
    >
      <div className="flex items-center gap-2.5 px-2 pt-1.5 pb-2">
        <PersonMark name={name} colour={colour} size="large" />
        <div>
          <p className="text-ui font-title">{name}</p>
          <p className="text-small text-fg-3">{placeText(person)}</p>
        </div>
      </div>
      <MenuItem icon={followed ? <EyeOff size={15} /> : <Eye size={15} />} onSelect={() => onFollow(followed ? null : id)}>
        {followed ? 'Stop following' : 'Follow'}
      </MenuItem>
    </Menu>
  )
}

const Small = ({ person }: { person: Present }) => <PersonMark name={person.user.name} colour={useHue(person.user.id)} size="tiny" />

/** Small marks at a tab or a file; hidden from assistive technology, which has the list. */
export const PlaceMarks = ({ people }: { people: readonly Present[] }) =>
  people.length === 0 ? null : (
    <span aria-hidden className="inline-flex -space-x-1">
      {people.slice(0, 3).map((person) => (
        <Small key={person.user.id} person={person} />
      ))}
    </span>
  )
