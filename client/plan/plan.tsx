import { ChevronRight } from 'lucide-react'
import { Suspense, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { SessionId, TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, changeTodo, moveTodo, removeTodo } from '#shared/board/doc.ts'
import { boardLimits, isSettled, type Todo } from '#shared/board/schema.ts'
import { useStored } from '../offline/stored.ts'
import type { Present } from '../sync/use-presence.ts'
import { cx } from '../ui/class-names.ts'
import type { Somebody } from './assignee.tsx'
import { EmptyPlan } from './empty-plan.tsx'
import { neededBy, type PendingRequest } from './needed-by.ts'
import { NewStep } from './new-step.tsx'
import { PlanHeader } from './plan-header.tsx'
import { PlanItem } from './plan-item.tsx'
import { useReorder } from './reorder.ts'
import { usePlanCommands } from './use-plan-commands.ts'
import { usePlanEdits } from './use-plan-edits.ts'
import { usePlanScope } from './use-plan-scope.ts'
import { useEndOfEditing, usePlanEditors } from './use-plan-presence.ts'
import { useStepActions } from './use-step-actions.ts'
import { useTodos } from './use-todos.ts'

const Suggestion = lazy(() => import('./suggestion.tsx'))

type Props = {
  doc: Y.Doc
  ready: boolean
  /** The board accepts edits from this person. */
  mayEdit: boolean
  /** Those who can have a step. */
  people: readonly { id: string; name: string }[]
  agents: readonly { id: string; name: string; state?: 'ready' | 'working' | 'waiting' }[]
  /** The project's awareness, in which who edits what is shown, and who is here. */
  awareness?: Awareness | null
  present?: readonly Present[]
  /** Pending ones: the step that their run is at waits for them. */
  approvals?: readonly PendingRequest[]
  /** The open session: its steps are shown, and new ones are its. Without one the whole plan is. */
  sessionId?: SessionId | undefined
  /** What a session is called; undefined for one that is not known here. */
  titleOf?: (session: string) => string | undefined
  onSession?: (session: string) => void
  /** On a phone the plan is a page of its own: always open. */
  alwaysOpen?: boolean
}

/** Where this person keeps whether the plan is closed. */
export const planClosedKey = 'plan:closed'

const noApprovals: readonly PendingRequest[] = []
const noTitle = () => undefined
const nobodyHere: readonly Present[] = []
const isDone = (todo: Todo) => isSettled(todo.status)

/** Done steps fold into one line where there are many of them, or as many as others in a plan that is long. */
const folds = (done: number, open: number) => done > 5 || (done >= 4 && open >= 4)

/** The shared plan: everybody's steps, edited in place and live. */
export function Plan(props: Props) {
  const { doc, ready, mayEdit, people, agents, awareness = null, present = nobodyHere, approvals = noApprovals, alwaysOpen = false } = props
  const { sessionId, titleOf = noTitle, onSession } = props
  const { t } = useTranslation('plan')
  const section = useRef<HTMLElement>(null)
  const whole = useTodos(doc)
  const { todos, suggestions, ...scoped } = usePlanScope({ ...whole, sessionId })
  const edits = usePlanEdits(doc)
  const [closed, setClosed] = useStored(planClosedKey)
  const [adding, setAdding] = useState(false)
  const [unfolded, setUnfolded] = useState(false)
  const me = present.find((one) => one.self)?.user.id
  const editors = usePlanEditors(present)
  useEndOfEditing(awareness)
  const { actions, editing } = useStepActions({ doc, todos, edits, awareness, me })

  const open = alwaysOpen || closed !== 'yes'
  const done = todos.filter(isDone)
  const folding = folds(done.length, todos.length - done.length)
  const shown = folding && !unfolded ? todos.filter((todo) => !isDone(todo) || todo.id === editing) : todos
  const reorder = useReorder({ all: whole.todos, shown, onMove: (id, after) => edits.change(() => moveTodo(doc, id, after)) })
  const everybody = useMemo<readonly Somebody[]>(
    () => [...people.map((one) => ({ ...one, agent: false })), ...agents.map((one) => ({ ...one, agent: true }))],
    [people, agents],
  )
  const needs = useMemo(() => neededBy(approvals, todos), [approvals, todos])
  const left = boardLimits.todos - whole.todos.length - whole.suggestions.length

  const add = (texts: readonly string[]) =>
    edits.change(() => {
      const by = { createdBy: me ?? null, statusBy: me ?? null, sessionId: sessionId ?? null }
      for (const text of texts.slice(0, left))
        addTodo(doc, { id: newId<TodoId>('tdo'), text, status: 'pending', assignee: null, createdAt: Date.now(), ...by })
    })
  const begin = () => {
    setClosed(null)
    setAdding(true)
  }
  const toggle = () => setClosed(open ? 'yes' : null)
  usePlanCommands({ section, mayEdit, edits, open, onAdd: begin, onToggle: alwaysOpen ? undefined : toggle })
  useKeptFocus(reorder.list)

  return (
    <section ref={section} aria-label={t('region')} className="flex h-full min-h-0 flex-col bg-surface">
      <PlanHeader
        todos={todos}
        open={open}
        editing={editors.people}
        scope={scoped.chooses ? scoped.scope : undefined}
        onScope={scoped.setScope}
        onAdd={mayEdit ? begin : undefined}
        onToggle={alwaysOpen ? undefined : toggle}
      />
      {open && (
        <div data-plan-scroll className="min-h-0 flex-1 overflow-y-auto pr-3 pb-2 pl-1">
          {folding && (
            <button
              type="button"
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
              className="flex h-(--h-row) w-full items-center gap-1 rounded-md pl-4 text-ui text-fg-2 hover:bg-hover"
            >
              <span className="inline-flex size-6 items-center justify-center">
                <ChevronRight size={15} className={cx('text-fg-3 transition-transform duration-(--d-menu)', unfolded && 'rotate-90')} />
              </span>
              {t('done', { count: done.length })}
            </button>
          )}
          <ul {...reorder.listProps} aria-label={t('title')} className="flex flex-col">
            {shown.map((todo, at) => (
              <PlanItem
                key={todo.id}
                todo={todo}
                first={todo === todos[0]}
                last={todo === todos.at(-1)}
                mayEdit={mayEdit}
                editing={editing === todo.id}
                held={reorder.held === todo.id}
                place={reorder.placeOf(todo.id, at)}
                everybody={everybody}
                editors={editors.of(todo.id)}
                needs={needs.get(todo.id) ?? 0}
                origin={scoped.originOf(todo)}
                originTitle={titleOf(scoped.originOf(todo) ?? '')}
                onSession={onSession}
                grip={reorder.grip}
                actions={actions}
              />
            ))}
          </ul>
          {adding && left > 0 && <NewStep left={left} onAdd={add} onClose={() => setAdding(false)} />}
          {left <= 0 && mayEdit && <p className="py-1 pr-2 pl-5 text-small text-fg-3">{t('full', { limit: boardLimits.todos })}</p>}
          {suggestions.length > 0 && (
            <ul aria-label={t('suggestions')}>
              <Suspense>
                {suggestions.map((todo) => (
                  <Suggestion
                    key={todo.id}
                    todo={todo}
                    name={everybody.find((one) => one.id === todo.suggestedBy)?.name ?? todo.suggestedBy ?? ''}
                    mayEdit={mayEdit}
                    onAdd={() => edits.change(() => changeTodo(doc, todo.id, { suggestedBy: null }))}
                    onDismiss={() => edits.change(() => removeTodo(doc, todo.id))}
                  />
                ))}
              </Suspense>
            </ul>
          )}
          {ready && todos.length === 0 && suggestions.length === 0 && !adding && (
            <EmptyPlan elsewhere={scoped.scope === 'all' ? 0 : scoped.elsewhere} onShowAll={() => scoped.setScope('all')} />
          )}
          <p aria-live="polite" className="sr-only">
            {reorder.said}
          </p>
        </div>
      )}
    </section>
  )
}

/** A row that changes its place keeps the focus, which a browser takes from what it moves. */
function useKeptFocus(list: RefObject<HTMLUListElement | null>): void {
  const before = document.activeElement
  useLayoutEffect(() => {
    const lost = document.activeElement === document.body && before instanceof HTMLElement && before !== document.body
    if (lost && list.current?.contains(before)) before.focus({ preventScroll: true })
  })
}
