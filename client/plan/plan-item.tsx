import { ArrowDown, ArrowUp, Circle, CircleCheck, CircleDashed, Ellipsis, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { boardLimits, type Todo, type TodoStatus } from '#shared/board/schema.ts'
import { useHue } from '../base/hues.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'

const statusNames: Record<TodoStatus, string> = { pending: 'Open', in_progress: 'In progress', completed: 'Done', cancelled: 'Skipped' }
const statuses = (Object.keys(statusNames) as TodoStatus[]).map((value) => ({ value, label: statusNames[value] }))

/** What one press on the circle makes of a step. */
const nextStatus: Record<TodoStatus, TodoStatus> = { pending: 'in_progress', in_progress: 'completed', completed: 'pending', cancelled: 'pending' }

type Props = {
  todo: Todo
  first: boolean
  last: boolean
  mayEdit: boolean
  assignee: { id: string; name: string } | undefined
  byAgent: boolean
  onChange(values: { text?: string; status?: TodoStatus }): void
  onMove(by: -1 | 1): void
  onRemove(): void
}

export const PlanItem = ({ todo, first, last, mayEdit, assignee, byAgent, onChange, onMove, onRemove }: Props) => {
  const [draft, setDraft] = useState<string>()
  const save = () => {
    const text = draft?.trim()
    setDraft(undefined)
    if (text && text !== todo.text) onChange({ text })
  }
  return (
    <li className="group flex min-h-(--h-row) items-center gap-2.5 rounded-md px-2 hover:bg-hover">
      <button
        type="button"
        disabled={!mayEdit}
        aria-label={`${statusNames[todo.status]}: ${todo.text}`}
        title={statusNames[todo.status]}
        onClick={() => onChange({ status: nextStatus[todo.status] })}
        className="inline-flex shrink-0 rounded-full"
      >
        <StatusMark status={todo.status} />
      </button>
      {draft === undefined ? (
        <span
          onDoubleClick={() => mayEdit && setDraft(todo.text)}
          className={cx(
            'min-w-0 flex-1 py-1 text-ui break-words',
            todo.status === 'in_progress' && 'font-label text-fg',
            todo.status === 'pending' && 'text-fg',
            todo.status === 'completed' && 'text-fg-2',
            todo.status === 'cancelled' && 'text-fg-3 line-through',
          )}
        >
          {todo.text}
        </span>
      ) : (
        <input
          aria-label="Step"
          autoFocus
          value={draft}
          maxLength={boardLimits.text}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save()
            if (event.key === 'Escape') {
              event.preventDefault()
              setDraft(undefined)
            }
          }}
          className="h-[26px] min-w-0 flex-1 rounded-md border border-line-field bg-raised px-2 text-ui"
        />
      )}
      {mayEdit && draft === undefined && (
        <Menu
          trigger={
            <IconButton
              label={`Change "${todo.text}"`}
              className="size-6! opacity-0 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
            >
              <Ellipsis size={15} />
            </IconButton>
          }
        >
          <MenuChoice label="Status" value={todo.status} options={statuses} onChange={(status) => onChange({ status })} />
          <MenuLine />
          <MenuItem onSelect={() => setTimeout(() => setDraft(todo.text))}>Edit the text</MenuItem>
          <MenuItem icon={<ArrowUp size={15} />} disabled={first} onSelect={() => onMove(-1)}>
            Move up
          </MenuItem>
          <MenuItem icon={<ArrowDown size={15} />} disabled={last} onSelect={() => onMove(1)}>
            Move down
          </MenuItem>
          <MenuLine />
          <MenuItem danger icon={<Trash2 size={15} />} onSelect={onRemove}>
            Delete
          </MenuItem>
        </Menu>
      )}
      {assignee && (
        <span title={assignee.name} className="inline-flex">
          {byAgent ? <AgentMark id={assignee.id} size="small" /> : <AssigneeMark person={assignee} />}
          <span className="sr-only">{assignee.name}</span>
        </span>
      )}
    </li>
  )
}

const AssigneeMark = ({ person }: { person: { id: string; name: string } }) => (
  <PersonMark name={person.name} colour={useHue(person.id)} size="small" />
)

function StatusMark({ status }: { status: TodoStatus }) {
  switch (status) {
    case 'completed':
      return <CircleCheck size={16} className="fill-fg-2 stroke-surface text-fg-2" />
    case 'in_progress':
      return (
        <svg viewBox="0 0 16 16" className="size-4 text-accent" aria-hidden>
          <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M8 4.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
        </svg>
      )
    case 'cancelled':
      return <CircleDashed size={16} className="text-fg-3" />
    case 'pending':
      return <Circle size={16} className="text-line-field" />
  }
}
