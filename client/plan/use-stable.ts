import { useLayoutEffect, useMemo, useRef } from 'react'

type Handlers = Record<string, (...args: never[]) => unknown>

/** The same object at every render, whose functions do what the newest given ones do: what is handed to many rows need not renew them. */
export function useStable<T extends Handlers>(handlers: T): T {
  const newest = useRef(handlers)
  useLayoutEffect(() => {
    newest.current = handlers
  })
  return useMemo(
    () =>
      Object.fromEntries(
        Object.keys(newest.current).map((name) => [name, (...args: never[]) => (newest.current[name] as Handlers[string])(...args)]),
      ) as T,
    [],
  )
}
