import { useMemo } from 'react'
import type { SessionId } from '#shared/base/ids.ts'
import { isTodoOf, sessionOfTodo, type Todo } from '#shared/board/schema.ts'
import { useStored } from '../offline/stored.ts'

export type Scope = 'session' | 'all'

/** Where this person keeps whether they see the plan of one session or of all. */
const scopeKey = 'plan:scope'

type Options = { todos: readonly Todo[]; suggestions: readonly Todo[]; sessionId: SessionId | undefined }

/** The part of the plan that is shown: the open session's, or the whole project's. */
export function usePlanScope({ todos, suggestions, sessionId }: Options) {
  const [stored, store] = useStored(scopeKey)
  const scope: Scope = stored === 'all' || sessionId === undefined ? 'all' : 'session'
  return useMemo(() => {
    const isHere = (todo: Todo) => scope === 'all' || sessionId === undefined || isTodoOf(todo, sessionId)
    const elsewhere = sessionId === undefined ? 0 : todos.filter((todo) => !isTodoOf(todo, sessionId)).length
    return {
      scope,
      setScope: (next: Scope) => store(next === 'all' ? 'all' : null),
      todos: scope === 'all' ? todos : todos.filter(isHere),
      suggestions: scope === 'all' ? suggestions : suggestions.filter(isHere),
      /** Steps that only "All" shows. */
      elsewhere,
      /** There is something to choose between. */
      chooses: sessionId !== undefined && elsewhere > 0,
      /** The other session a step came from; undefined for one's own and for those that belong to all. */
      originOf(todo: Todo): string | undefined {
        const session = sessionOfTodo(todo)
        return session === null || session === sessionId ? undefined : session
      },
    }
  }, [todos, suggestions, sessionId, scope, store])
}
