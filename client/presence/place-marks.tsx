import { useContext } from 'react'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { useHue } from '../theme/hues.tsx'
import { PresenceContext, usePresentPart } from '../sync/use-presence.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { PersonMark } from '../ui/marks.tsx'
import { useTraces } from './traces.ts'

type Mark = { id: string; name: string; dimmed: boolean; left?: boolean }

const most = 3

/**
 * Small marks at a tab or a file: who is there, and dimmed who was there last and has left the room. Hidden from assistive
 * technology, which has the list of people.
 */
export function PlaceMarks({ tab, file }: { tab?: WorkspaceTab; file?: string }) {
  const isAt = (place: { tab?: string | undefined; file?: string | undefined } | undefined) =>
    place !== undefined && (file === undefined ? place.tab === tab : place.file === file)
  const here = usePresentPart((present) =>
    present.filter((person) => !person.self && isAt(person.place)).map(({ user, active }) => ({ ...user, dimmed: active === false })),
  )
  const { awareness, selfId } = useContext(PresenceContext)
  const traces = useTraces(awareness, selfId)
  const marks: Mark[] = [...here, ...traces.filter(({ place }) => isAt(place)).map(({ user }) => ({ ...user, dimmed: true, left: true }))]
  if (marks.length === 0) return null
  return (
    <span aria-hidden className="inline-flex -space-x-1">
      {marks.slice(0, most).map((mark) => (
        <Small key={mark.id} mark={mark} />
      ))}
    </span>
  )
}

function Small({ mark: { id, name, dimmed, left } }: { mark: Mark }) {
  const { t } = useTranslation('presence')
  return (
    <span title={left ? t('wasHere', { name }) : name} className="inline-flex">
      <PersonMark name={name} colour={useHue(id)} size="tiny" state={dimmed ? 'idle' : 'here'} />
    </span>
  )
}
