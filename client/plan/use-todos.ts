import { useMemo, useSyncExternalStore } from 'react'
import type * as Y from 'yjs'
import { boardTodos, readSuggestions, readTodos } from '#shared/board/doc.ts'
import type { Todo } from '#shared/board/schema.ts'

type Plan = { todos: readonly Todo[]; suggestions: readonly Todo[] }

const same = (a: readonly Todo[], b: readonly Todo[]) => a.length === b.length && a.every((todo, at) => todo === b[at])

/** The plan as it is now, letter by letter. What did not change is the same object. */
export function useTodos(doc: Y.Doc): Plan {
  const store = useMemo(() => {
    const read = (): Plan => ({ todos: readTodos(doc), suggestions: readSuggestions(doc) })
    let value = read()
    const renew = () => {
      const next = read()
      if (same(next.todos, value.todos) && same(next.suggestions, value.suggestions)) return false
      value = next
      return true
    }
    return {
      get: () => value,
      subscribe(listener: () => void) {
        const part = boardTodos(doc)
        const observer = () => {
          if (renew()) listener()
        }
        part.observeDeep(observer)
        // What changed between the first reading and this call was not observed.
        if (renew()) listener()
        return () => part.unobserveDeep(observer)
      },
    }
  }, [doc])
  return useSyncExternalStore(store.subscribe, store.get)
}
