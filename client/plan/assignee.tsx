import { UserPlus } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useHue } from '../theme/hues.tsx'
import { IconButton } from '../ui/button.tsx'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Menu, MenuChoice } from '../ui/menu.tsx'

export type Somebody = { id: string; name: string; agent: boolean; state?: 'ready' | 'working' | 'waiting' }

/** Nobody, in a menu of those who can have a step. */
const nobody = '-'

export const Mark = ({ one, size = 'small' }: { one: Somebody; size?: 'tiny' | 'small' }) => {
  const colour = useHue(one.id)
  return one.agent ? <AgentMark id={one.id} size={size} state={one.state ?? 'ready'} /> : <PersonMark name={one.name} colour={colour} size={size} />
}

type Props = {
  /** What the agent does now shows at the step it is at. */
  active: boolean
  text: string
  assignee: Somebody | undefined
  all: readonly Somebody[]
  mayEdit: boolean
  onAssign(id: string | null): void
}

/** Who has a step, and giving it to somebody. */
export function Assignee({ active, text, assignee, all, mayEdit, onAssign }: Props) {
  const { t } = useTranslation('plan')
  const mark = assignee && (
    <>
      <Mark one={active ? assignee : { ...assignee, state: 'ready' }} />
      <span className="sr-only">{assignee.name}</span>
    </>
  )
  if (!mayEdit)
    return mark ? (
      <span title={assignee.name} className="inline-flex">
        {mark}
      </span>
    ) : null
  return (
    <Menu
      trigger={
        <IconButton
          label={t('assignThis', { text })}
          title={assignee ? t('assignedTo', { name: assignee.name }) : t('assign')}
          className={
            assignee
              ? 'w-7! pointer-coarse:w-11!'
              : 'w-7! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:hidden'
          }
        >
          {mark ?? <UserPlus size={15} />}
        </IconButton>
      }
    >
      <AssignChoice assignee={assignee} all={all} onAssign={onAssign} />
    </Menu>
  )
}

export function AssignChoice({ assignee, all, onAssign }: Pick<Props, 'assignee' | 'all' | 'onAssign'>) {
  const { t } = useTranslation('plan')
  const options = [{ value: nobody, label: t('nobody') }, ...all.map(({ id, name }) => ({ value: id, label: name }))]
  return <MenuChoice label={t('assign')} value={assignee?.id ?? nobody} options={options} onChange={(id) => onAssign(id === nobody ? null : id)} />
}
