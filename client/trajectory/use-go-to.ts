import { useCallback, type RefObject } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import type { Reading } from '#shared/presence/schema.ts'
import { rowOfItem, topAt } from './rows-in-view.ts'
import type { Parts, ScrollState } from './use-scroll-anchor.ts'

/** An item that is not drawn after this is given up, in ms. */
const patienceMs = 3000

/** The ways to another place of the conversation: to an item, to the end, and to where somebody else reads. */
export function useGoTo({ scroller, list }: Parts, now: RefObject<ScrollState>, settle: () => void, stick: (stuck: boolean) => void) {
  /** Brings an item into view, wherever in the session it is. Resolves to its row, undefined when there is no such item. */
  const reveal = useCallback(
    async (target: number | ItemId, at = 0): Promise<HTMLElement | undefined> => {
      const state = now.current
      const id = await state.goTo(target)
      if (!id) return undefined
      stick(false)
      state.wish = { key: id, place: 'reveal', at }
      const started = performance.now()
      for (;;) {
        settle()
        const row = rowOfItem(list.current, id)
        if (row && state.wish?.key !== id) return row
        if (performance.now() - started > patienceMs) return undefined
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    },
    [now, list, settle, stick],
  )

  const jumpToEnd = useCallback(async () => {
    const { view, last, toEnd } = now.current
    if (view.to < last) await toEnd()
    stick(true)
    settle()
  }, [now, settle, stick])

  /** Shows what somebody else reads; undefined: nobody leads any more. */
  const lead = useCallback(
    async (to: Reading | undefined, smooth: boolean) => {
      now.current.led = to !== undefined && to !== 'end'
      if (!to) return
      if (to === 'end') return jumpToEnd()
      const element = scroller.current
      const row = rowOfItem(list.current, to.item)
      const top = element && row ? topAt(element, row, to.at) : undefined
      if (element && top !== undefined && smooth && Math.abs(top - element.scrollTop) < 2 * element.clientHeight) {
        stick(false)
        element.scrollTo({ top, behavior: 'smooth' })
      } else await reveal(to.item, to.at)
    },
    [now, scroller, list, stick, reveal, jumpToEnd],
  )
  return { reveal, jumpToEnd, lead }
}
