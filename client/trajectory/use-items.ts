import { startTransition, useCallback, useMemo, useRef, useState } from 'react'
import type * as Y from 'yjs'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { readItems, readLive, sessionItems, sessionLive } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { call } from '../api/api.ts'
import { useDocValue } from '../sync/use-document.ts'
import { endView, extended, forgetFar, missing, viewAround, viewSizes, withNewest, type View } from './view.ts'

type State = { view: View; last: number; known: Map<number, Item> }

function take(known: Map<number, Item>, items: readonly Item[]): void {
  for (const item of items) known.set(item.seq, item)
}

/**
 * The items of a session that are drawn: a stretch that moves over it. The document holds the newest, older ones come over
 * HTTP, a page at a time; what is far from the stretch is forgotten. Use below a component that is keyed by session.
 */
export function useItems(sessionId: SessionId, doc: Y.Doc) {
  const held = useDocValue(doc, readItems, sessionItems)
  const live = useDocValue(doc, readLive, sessionLive)
  const last = held.at(-1)?.seq ?? 0
  const [state, setState] = useState<State>(() => {
    const known = new Map(held.map((item) => [item.seq, item]))
    return { view: endView(last), last, known }
  })
  const [taken, setTaken] = useState(held)
  if (taken !== held) {
    setTaken(held)
    take(state.known, held)
    const view = state.last === 0 ? endView(last) : withNewest(state.view, last)
    // A view that follows must not have a hole: what came while this tab was away is shown from its own beginning.
    const whole = missing(view, state.known) ? { ...endView(last), from: Math.max(held[0]?.seq ?? 1, last - viewSizes.first + 1) } : view
    forgetFar(state.known, whole)
    setState({ ...state, view: whole, last })
  }
  const now = useRef(state)
  now.current = state

  const loading = useRef(0)
  const [failed, setFailed] = useState<unknown>()

  /** Resolves when the view is drawn next, or false when something else was asked for meanwhile. */
  const show = useCallback(
    async (wanted: View): Promise<boolean> => {
      loading.current += 1
      const turn = loading.current
      const { known } = now.current
      try {
        for (let hole = missing(wanted, known); hole; hole = missing(wanted, known)) {
          const limit = Math.min(200, hole.to - hole.from + 1)
          const page = await call(sessionCalls.listItems, { params: { id: sessionId }, query: { after: hole.from - 1, limit } })
          take(known, page.items)
          if (page.items.length === 0 || loading.current !== turn) return false
        }
        forgetFar(known, wanted)
        setFailed(undefined)
        const draw = () => setState((before) => ({ ...before, view: wanted.follows ? withNewest(wanted, before.last) : wanted }))
        startTransition(draw)
        return true
      } catch (error) {
        setFailed(error)
        return false
      } finally {
        if (loading.current === turn) loading.current = 0
      }
    },
    [sessionId],
  )

  const extend = useCallback(
    (where: 'up' | 'down', low = false) => {
      if (loading.current > 0) return
      const wanted = extended(now.current.view, where, now.current.last, low)
      if (wanted) void show(wanted)
    },
    [show],
  )

  /** Shows what is around an item, by its seq, or by its id when it may be anywhere. Resolves to its id once it will be drawn. */
  const goTo = useCallback(
    async (target: number | ItemId): Promise<ItemId | undefined> => {
      const { known, last: newest } = now.current
      let seq = typeof target === 'number' ? Math.min(Math.max(1, target), newest) : [...known.values()].find((item) => item.id === target)?.seq
      if (seq === undefined) {
        try {
          const page = await call(sessionCalls.listItems, {
            params: { id: sessionId },
            query: { around: target as ItemId, limit: viewSizes.around },
          })
          take(known, page.items)
          seq = page.items.find((item) => item.id === target)?.seq
        } catch (error) {
          setFailed(error)
          return undefined
        }
      }
      if (seq === undefined) return undefined
      const { view } = now.current
      if (seq < view.from || seq > view.to) {
        if (!(await show(viewAround(seq, now.current.last)))) return undefined
      }
      return known.get(seq)?.id
    },
    [sessionId, show],
  )

  const toEnd = useCallback(() => show(endView(now.current.last)), [show])

  const { view } = state
  // `known` is filled in place; every change of what is drawn makes a new state.
  const items = useMemo(() => {
    const { view, known } = state
    const found: Item[] = []
    for (let seq = view.from; seq <= view.to; seq += 1) {
      const item = known.get(seq)
      if (item) found.push(item)
    }
    return found
  }, [state])
  return { items, held, live, view, last, extend, goTo, toEnd, failed }
}
