import { ChevronDown, ChevronRight, ListTodo, Plus } from 'lucide-react'
import { useState } from 'react'
import type * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, boardTodos, changeTodo, moveTodo, readTodos, removeTodo } from '#shared/board/doc.ts'
import { boardLimits, type Todo } from '#shared/board/schema.ts'
import { useStored } from '../base/stored.ts'
import { useDocValue } from '../base/use-document.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { PlanItem } from './plan-item.tsx'
import { PlanProgress } from './plan-progress.tsx'

type Props = {
  doc: Y.Doc
  ready: boolean
  /** The board accepts edits from this person. */
  mayEdit: boolean
  /** Names and marks of assignees. */
  people: readonly { id: string; name: string }[]
  agents: readonly { id: string; name: string }[]
  /** On a phone the plan is a page of its own: always open. */
  alwaysOpen?: boolean
}

/** Where this person keeps whether the plan is closed. */
export const planClosedKey = 'plan:closed'

/** More done steps than this fold into one line. */
const doneShown = 5

/** The shared plan: everybody's steps, edited in place and live. */
export function Plan({ doc, ready, mayEdit, people, agents, alwaysOpen = false }: Props) {
  const todos = useDocValue(doc, readTodos, boardTodos)
  const [closed, setClosed] = useStored(planClosedKey)
  const [adding, setAdding] = useState(false)
  const [unfolded, setUnfolded] = useState(false)
  const open = alwaysOpen || closed !== 'yes'
  const done = todos.filter((todo) => todo.status === 'completed' || todo.status === 'cancelled')
  const fold = done.length > doneShown && !unfolded
  const shown = fold ? todos.filter((todo) => !done.includes(todo)) : todos
  const current = todos.find((todo) => todo.status === 'in_progress')

  const change = (act: () => void) => {
    if (mayEdit) doc.transact(act)
  }
  const move = (todo: Todo, by: -1 | 1) => {
    const at = todos.indexOf(todo)
    const before = by < 0 ? todos[at - 2] : todos[at + 1]
    if (by > 0 && !before) return
    change(() => moveTodo(doc, todo.id, before?.id))
  }

  return (
    <section aria-label="Shared plan" className="flex h-full min-h-0 flex-col bg-surface">
      <header className="flex h-(--h-bar) shrink-0 items-center gap-3 px-4">
        <h2 className="text-ui font-title">Plan</h2>
        <PlanProgress todos={todos} />
        <span className="min-w-0 flex-1 truncate text-ui text-fg-2">{!open && current ? current.text : ''}</span>
        {mayEdit && (
          <IconButton
            label="Add a step"
            onClick={() => {
              setClosed(null)
              setAdding(true)
            }}
          >
            <Plus size={16} />
          </IconButton>
        )}
        {!alwaysOpen && (
          <IconButton label={open ? 'Close the plan' : 'Open the plan'} aria-expanded={open} onClick={() => setClosed(open ? 'yes' : null)}>
            <ChevronDown size={16} className={cx('transition-transform duration-(--d-menu)', !open && 'rotate-180')} />
          </IconButton>
        )}
      </header>
      {open && (
        <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
          {fold && (
            <button
              type="button"
              onClick={() => setUnfolded(true)}
              className="flex h-(--h-row) w-full items-center gap-2.5 rounded-md px-2 text-ui text-fg-2 hover:bg-hover"
            >
              <ChevronRight size={15} className="text-fg-3" />
              {done.length} done
            </button>
          )}
          <ul aria-label="Plan">
            {shown.map((todo) => (
              <PlanItem
                key={todo.id}
                todo={todo}
                first={todo === todos[0]}
                last={todo === todos.at(-1)}
                mayEdit={mayEdit}
                assignee={[...people, ...agents].find((one) => one.id === todo.assignee)}
                byAgent={agents.some((agent) => agent.id === todo.assignee)}
                onChange={(values) => change(() => changeTodo(doc, todo.id, values))}
                onMove={(by) => move(todo, by)}
                onRemove={() => change(() => removeTodo(doc, todo.id))}
              />
            ))}
          </ul>
          {adding && (
            <NewStep
              onAdd={(text) =>
                change(() => addTodo(doc, { id: newId<TodoId>('tdo'), text, status: 'pending', assignee: null, createdAt: Date.now() }))
              }
              onClose={() => setAdding(false)}
            />
          )}
          {ready && todos.length === 0 && !adding && (
            <p className="flex items-center gap-2.5 px-2 py-1 text-ui text-fg-2">
              <ListTodo size={16} className="shrink-0 text-fg-3" aria-hidden />
              No plan yet. Add the first step, or let the agent suggest one.
            </p>
          )}
        </div>
      )}
    </section>
  )
}

function NewStep({ onAdd, onClose }: { onAdd(text: string): void; onClose(): void }) {
  const [text, setText] = useState('')
  const add = () => {
    if (text.trim() !== '') onAdd(text.trim())
    setText('')
  }
  return (
    <div className="flex min-h-(--h-row) items-center gap-2.5 px-2">
      <Plus size={16} className="shrink-0 text-fg-3" aria-hidden />
      <input
        aria-label="New step"
        autoFocus
        value={text}
        maxLength={boardLimits.text}
        placeholder="What comes next?"
        onChange={(event) => setText(event.target.value)}
        onBlur={() => {
          add()
          onClose()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add()
          if (event.key === 'Escape') {
            event.preventDefault()
            setText('')
            onClose()
          }
        }}
        className="h-[26px] min-w-0 flex-1 rounded-md border border-line-field bg-raised px-2 text-ui"
      />
    </div>
  )
}
