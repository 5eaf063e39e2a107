import { ArrowDown, ArrowUp, Ellipsis, GripVertical, MessageSquare, Pencil, Trash2 } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { TodoId } from '#shared/base/ids.ts'
import type { Todo, TodoStatus } from '#shared/board/schema.ts'
import { TodoStatus as Statuses } from '#shared/board/schema.ts'
import type { TextEdit } from '#shared/board/text-edit.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { AssignChoice, Assignee, type Somebody } from './assignee.tsx'
import { TextWithCarets, type Editor } from './carets.tsx'
import type { Grip } from './reorder.ts'
import { StatusMark } from './status-mark.tsx'
import { StepEditor } from './step-editor.tsx'

/** What one press on the circle makes of a step. */
const nextStatus: Record<TodoStatus, TodoStatus> = { pending: 'in_progress', in_progress: 'completed', completed: 'pending', cancelled: 'pending' }

const looks: Record<TodoStatus, string> = {
  pending: 'text-fg',
  in_progress: 'font-label text-fg',
  completed: 'text-fg-2',
  cancelled: 'text-fg-3 line-through',
}

export type StepActions = {
  setStatus(id: TodoId, status: TodoStatus): void
  assign(id: TodoId, to: string | null): void
  moveBy(id: TodoId, by: -1 | 1): void
  remove(id: TodoId): void
  edit(id: TodoId): void
  write(id: TodoId, edit: TextEdit): void
  caret(id: TodoId, caret: number): void
  close(id: TodoId, kept: boolean): void
}

type Props = {
  todo: Todo
  first: boolean
  last: boolean
  mayEdit: boolean
  editing: boolean
  /** In somebody's hand here. */
  held: boolean
  /** Where it is drawn. */
  place: number
  everybody: readonly Somebody[]
  /** Others who edit its text now. */
  editors: readonly Editor[]
  /** Approvals that this step waits for. */
  needs: number
  /** The other session it came from, and what that is called where it is known. */
  origin: string | undefined
  originTitle: string | undefined
  onSession: ((session: string) => void) | undefined
  grip: Grip
  actions: StepActions
}

/** One step: its state, its text, who has it, and what one can do with it. */
export const PlanItem = memo(function PlanItem(props: Props) {
  const { todo, first, last, mayEdit, editing, held, place, everybody, editors, needs, origin, originTitle, onSession, grip, actions } = props
  const { t } = useTranslation('plan')
  const { id, text, status } = todo
  const edit = () => actions.edit(id)
  const assign = (to: string | null) => actions.assign(id, to)
  const assignee = everybody.find((one) => one.id === todo.assignee)
  const skippedBy = status === 'cancelled' ? everybody.find((one) => one.id === todo.statusBy) : undefined
  const shown = needs > 0 ? 'waiting' : status
  const note = needs > 0 ? t('needs', { count: needs }) : skippedBy && t('skippedBy', { name: skippedBy.name })
  const statuses = Statuses.options.map((value) => ({ value, label: t(`status.${value}`) }))
  return (
    <li
      data-step={todo.id}
      style={{ order: place }}
      className={cx(
        'group relative flex min-h-(--h-row) shrink-0 items-center gap-1 rounded-md pr-1 pl-4',
        held ? 'z-10 bg-raised shadow-pop' : 'hover:bg-hover',
      )}
    >
      {mayEdit && (
        <button
          type="button"
          aria-label={t('move', { text })}
          title={t('move', { text })}
          aria-pressed={held}
          onPointerDown={(event) => grip.onPointerDown(id, event)}
          onBlur={grip.onBlur}
          onKeyDown={(event) => grip.onKeyDown(id, event)}
          className={cx(
            'absolute -left-1 inline-flex h-full w-4 shrink-0 touch-none items-center justify-center rounded-sm text-fg-3 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:static pointer-coarse:-mr-2 pointer-coarse:-ml-4 pointer-coarse:h-11 pointer-coarse:w-11 pointer-coarse:opacity-100',
            held ? 'cursor-grabbing! opacity-100' : 'cursor-grab! opacity-0',
          )}
        >
          <GripVertical size={14} aria-hidden />
        </button>
      )}
      <button
        type="button"
        disabled={!mayEdit}
        aria-label={t('statusOf', { status: t(`status.${shown}`), text })}
        title={t(`status.${shown}`)}
        onClick={() => actions.setStatus(id, nextStatus[status])}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-full pointer-coarse:size-11"
      >
        <StatusMark status={shown} />
      </button>
      {editing ? (
        <StepEditor
          text={text}
          editors={editors}
          onEdit={(change) => actions.write(id, change)}
          onCaret={(caret) => actions.caret(id, caret)}
          onClose={(kept) => actions.close(id, kept)}
        />
      ) : (
        <span className="flex min-w-0 flex-wrap items-center gap-x-1.5">
          <Text mayEdit={mayEdit} label={t('editThis', { text })} onEdit={edit} className={looks[status]}>
            <TextWithCarets text={text} editors={editors} />
          </Text>
          {note && <span className="text-small text-fg-3">{note}</span>}
        </span>
      )}
      {!editing && <span className="flex-1" />}
      {!editing && origin && <Origin title={originTitle} onOpen={onSession && (() => onSession(origin))} />}
      {mayEdit && !editing && (
        <Menu
          trigger={
            <IconButton
              label={t('change', { text })}
              className="w-7! pointer-coarse:w-11! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
            >
              <Ellipsis size={15} />
            </IconButton>
          }
        >
          <MenuChoice label={t('status.label')} value={status} options={statuses} onChange={(next) => actions.setStatus(id, next)} />
          <MenuLine />
          <AssignChoice assignee={assignee} all={everybody} onAssign={assign} />
          <MenuLine />
          <MenuItem icon={<Pencil size={15} />} onSelect={() => setTimeout(edit)}>
            {t('edit')}
          </MenuItem>
          <MenuItem icon={<ArrowUp size={15} />} disabled={first} onSelect={() => actions.moveBy(id, -1)}>
            {t('moveUp')}
          </MenuItem>
          <MenuItem icon={<ArrowDown size={15} />} disabled={last} onSelect={() => actions.moveBy(id, 1)}>
            {t('moveDown')}
          </MenuItem>
          <MenuLine />
          <MenuItem danger icon={<Trash2 size={15} />} onSelect={() => actions.remove(id)}>
            {t('remove')}
          </MenuItem>
        </Menu>
      )}
      {!editing && <Assignee active={status === 'in_progress'} text={text} assignee={assignee} all={everybody} mayEdit={mayEdit} onAssign={assign} />}
    </li>
  )
})

/** The session a step came from, where that is not the open one. */
function Origin({ title, onOpen }: { title: string | undefined; onOpen: (() => void) | undefined }) {
  const { t } = useTranslation('plan')
  const name = title ?? t('otherSession')
  const look = 'inline-flex max-w-[40%] min-w-0 shrink items-center gap-1 px-1 text-small text-fg-3'
  if (!onOpen) return <span className={look}>{name}</span>
  return (
    <button
      type="button"
      title={t('fromSession', { name })}
      aria-label={t('fromSession', { name })}
      onClick={onOpen}
      className={cx(look, 'rounded-sm hover:text-fg hover:underline pointer-coarse:min-h-11')}
    >
      <MessageSquare size={12} className="shrink-0" aria-hidden />
      <span className="truncate">{name}</span>
    </button>
  )
}

type TextProps = { mayEdit: boolean; label: string; onEdit(): void; className: string; children: ReactNode }

const Text = ({ mayEdit, label, onEdit, className, children }: TextProps) => {
  const look = cx('min-w-0 py-1 text-left text-ui break-words select-text pointer-coarse:min-h-11', className)
  return mayEdit ? (
    <button type="button" title={label} onClick={onEdit} className={cx(look, 'cursor-text! rounded-sm')}>
      {children}
    </button>
  ) : (
    <span className={look}>{children}</span>
  )
}
