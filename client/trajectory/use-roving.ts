import { useCallback, useEffect, useMemo, type FocusEvent, type PointerEvent, type RefObject } from 'react'
import type { Store } from '../ui/store.ts'

const rowSelector = '[data-row]'
const rowOf = (target: EventTarget | null) => (target instanceof HTMLElement ? target.closest<HTMLElement>(rowSelector) : null)

/** The row that has the focus, or something in it has. */
export const focusedRow = (list: HTMLElement | null) => {
  const row = rowOf(document.activeElement)
  return row && list?.contains(row) ? row : null
}

/**
 * One row of all is in the order of Tab: the one last focused, else the newest. The row under the pointer or in focus is
 * `active`. A row that leaves while it has the focus hands it to the list, so that keys go on working.
 */
export function useRoving(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  active: Store<string | undefined>,
  rows: unknown,
) {
  const tabStop = useCallback(() => {
    const all = list.current?.querySelectorAll<HTMLElement>(rowSelector)
    if (!all?.length) return
    const held = list.current?.querySelector<HTMLElement>(`${rowSelector}[tabindex="0"]`)
    if (held) return
    const last = all[all.length - 1]
    if (last) last.tabIndex = 0
  }, [list])
  useEffect(tabStop, [rows, tabStop])

  const focusRow = useCallback(
    (row: HTMLElement | undefined | null) => {
      if (!row) return
      for (const one of list.current?.querySelectorAll<HTMLElement>(`${rowSelector}[tabindex="0"]`) ?? []) one.tabIndex = -1
      row.tabIndex = 0
      row.focus({ preventScroll: true })
      const outer = scroller.current?.getBoundingClientRect()
      const inner = row.getBoundingClientRect()
      if (outer && (inner.top < outer.top || inner.bottom > outer.bottom)) {
        row.scrollIntoView({ block: inner.height > outer.height || inner.top < outer.top ? 'start' : 'end' })
      }
    },
    [list, scroller],
  )

  /** The next or previous row of the focused one; from nowhere, the one that is looked at. */
  const neighbour = useCallback(
    (by: 1 | -1): HTMLElement | undefined => {
      const all = [...(list.current?.querySelectorAll<HTMLElement>(rowSelector) ?? [])]
      const from = focusedRow(list.current)
      if (from) return all[all.indexOf(from) + by]
      const { top = 0, bottom = 0 } = scroller.current?.getBoundingClientRect() ?? {}
      const seen = all.filter((row) => row.getBoundingClientRect().bottom > top + 8 && row.getBoundingClientRect().top < bottom - 8)
      return by > 0 ? seen[0] : seen.at(-1)
    },
    [list, scroller],
  )

  const events = useMemo(
    () => ({
      onPointerOver: (event: PointerEvent) => {
        if (event.pointerType === 'touch') return
        const row = rowOf(event.target)
        if (row) active.set(row.dataset.row)
      },
      onPointerLeave: () => active.set(focusedRow(list.current)?.dataset.row),
      onFocus: (event: FocusEvent) => {
        const row = rowOf(event.target)
        if (!row) return
        for (const one of list.current?.querySelectorAll<HTMLElement>(`${rowSelector}[tabindex="0"]`) ?? []) if (one !== row) one.tabIndex = -1
        row.tabIndex = 0
        active.set(row.dataset.row)
      },
      onBlur: (event: FocusEvent) => {
        const row = rowOf(event.target)
        if (row && !row.contains(event.relatedTarget as Node | null)) active.set(undefined)
      },
    }),
    [active, list],
  )

  // A focused row that is let go: the keys stay here, at the row that stands for its item now where there is one.
  useEffect(() => {
    const element = scroller.current
    if (!element || typeof MutationObserver === 'undefined') return
    let had = false
    let item: string | undefined
    const note = () => {
      had = element.contains(document.activeElement)
      item = rowOf(document.activeElement)?.dataset.items?.split(' ')[0]
    }
    element.addEventListener('focusin', note)
    document.addEventListener('focusin', note)
    const observer = new MutationObserver(() => {
      if (!had || document.activeElement !== document.body) return
      const heir = item && list.current?.querySelector<HTMLElement>(`[data-items~="${item}"]`)
      ;(heir || element).focus({ preventScroll: true })
    })
    if (list.current) observer.observe(list.current, { childList: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('focusin', note)
      document.removeEventListener('focusin', note)
    }
  }, [scroller, list])

  return { focusRow, neighbour, events }
}
