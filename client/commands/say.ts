import { useEffect, useRef } from 'react'
import { createStore } from '../ui/store.ts'

/** Sends a text to the agent as this person's own message, here and now; undefined where they may not. */
export const saying = createStore<((text: string) => void) | undefined>(undefined)

/** Lets other parts of the room say something to the agent, for as long as the component is mounted. */
export function useSaying(may: boolean, say: (text: string) => void): void {
  const newest = useRef(say)
  useEffect(() => {
    newest.current = say
  })
  useEffect(() => {
    if (!may) return
    saying.set((text) => newest.current(text))
    return () => saying.set(undefined)
  }, [may])
}
