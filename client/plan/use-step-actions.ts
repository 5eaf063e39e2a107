import { useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { spliceText } from '#shared/base/plain-text.ts'
import { changeTodo, moveTodo, removeTodo, restoreTodo, todoText } from '#shared/board/doc.ts'
import type { Todo } from '#shared/board/schema.ts'
import { notify } from '../ui/notify.ts'
import type { StepActions } from './plan-item.tsx'
import type { PlanEdits } from './use-plan-edits.ts'
import { publishEditing } from './use-plan-presence.ts'
import { useStable } from './use-stable.ts'

type Options = { doc: Y.Doc; todos: readonly Todo[]; edits: PlanEdits; awareness: Awareness | null; me: string | undefined }

/** What one can do with a step, and which one is edited here. */
export function useStepActions({ doc, todos, edits, awareness, me }: Options) {
  const { t } = useTranslation('plan')
  const [editing, setEditing] = useState<{ id: TodoId; depth: number }>()
  /** The step whose field is open: known at once, as the key that closes a field also tells of its selection afterwards. */
  const open = useRef<TodoId>(undefined)

  const actions: StepActions = useStable({
    setStatus: (id: TodoId, status: Todo['status']) => edits.change(() => changeTodo(doc, id, { status, statusBy: me ?? null })),
    assign: (id: TodoId, to: string | null) => edits.change(() => changeTodo(doc, id, { assignee: to })),
    moveBy(id: TodoId, by: -1 | 1) {
      const at = todos.findIndex((todo) => todo.id === id)
      const after = todos[by < 0 ? at - 2 : at + 1]
      if (by < 0 ? at > 0 : after) edits.change(() => moveTodo(doc, id, after?.id))
    },
    remove(id: TodoId) {
      const todo = todos.find((one) => one.id === id)
      if (!todo) return
      edits.begin()
      edits.change(() => removeTodo(doc, id))
      notify(t('removed'), {
        id: `removed ${id}`,
        description: todo.text,
        action: { label: t('undo'), onClick: () => edits.change(() => restoreTodo(doc, todo)) },
      })
    },
    edit(id: TodoId) {
      edits.begin()
      open.current = id
      setEditing({ id, depth: edits.depth() })
      publishEditing(awareness, { todo: id })
    },
    write(id: TodoId, { at, remove, insert }: { at: number; remove: number; insert: string }) {
      edits.change(() => {
        const text = todoText(doc, id)
        if (!text) return
        const { length } = text.toJSON()
        const from = Math.min(at, length)
        spliceText(text, from, Math.min(remove, length - from), insert)
      })
    },
    caret: (id: TodoId, caret: number) => {
      if (open.current === id) publishEditing(awareness, { todo: id, caret })
    },
    close(id: TodoId, kept: boolean) {
      if (open.current !== id || editing?.id !== id) return
      open.current = undefined
      setEditing(undefined)
      publishEditing(awareness, null)
      // A step that says nothing cannot be read: what was taken from it comes back.
      const blank = todos.find((todo) => todo.id === id)?.text.trim() === ''
      if (!kept || blank) edits.undoTo(editing.depth)
      edits.begin()
    },
  })
  return { actions, editing: editing?.id }
}
