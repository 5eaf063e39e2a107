import { useEffect, useMemo } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type { TodoId } from '#shared/base/ids.ts'
import type { Present } from '../sync/use-presence.ts'
import type { Editor } from './carets.tsx'

const nobody: readonly Editor[] = []

/** Who else edits which step. */
export function usePlanEditors(present: readonly Present[]) {
  return useMemo(() => {
    const editing = present.filter((one) => !one.self && one.plan)
    const byTodo = new Map<TodoId, Editor[]>()
    for (const { user, plan } of editing) {
      if (!plan) continue
      byTodo.set(plan.todo, [...(byTodo.get(plan.todo) ?? []), { id: user.id, name: user.name, caret: plan.caret }])
    }
    return { people: editing.map(({ user }) => user), of: (id: TodoId) => byTodo.get(id) ?? nobody }
  }, [present])
}

/** Tells the room which step is edited here, and where; `null` when none is. */
export function publishEditing(awareness: Awareness | null, plan: { todo: TodoId; caret?: number } | null): void {
  const before = (awareness?.getLocalState() as { plan?: { todo: TodoId; caret?: number } | null } | null)?.plan ?? null
  if (!awareness || (before?.todo === plan?.todo && before?.caret === plan?.caret)) return
  awareness.setLocalStateField('plan', plan)
}

/** Nobody edits here any more once the plan is gone from the page. */
export function useEndOfEditing(awareness: Awareness | null): void {
  useEffect(() => () => publishEditing(awareness, null), [awareness])
}
