import type { ItemId } from '#shared/base/ids.ts'
import type { Reading } from '#shared/presence/schema.ts'

/** A row that is in view, and where it was when that was looked at, in pixels from the top of what scrolls. */
export type SeenRow = { element: HTMLElement; at: number }

/** As many as any view has. */
const most = 40

/** The rows of a list that are in view, first to last. */
export function rowsInView({ scrollTop, clientHeight }: HTMLElement, list: HTMLElement): SeenRow[] {
  const rows = list.children as HTMLCollectionOf<HTMLElement>
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row && row.offsetTop + row.offsetHeight <= scrollTop) low = middle + 1
    else high = middle
  }
  const seen: SeenRow[] = []
  for (let at = low; at < rows.length && seen.length < most; at += 1) {
    const element = rows[at]
    if (!element || element.offsetTop > scrollTop + clientHeight) break
    seen.push({ element, at: element.offsetTop })
  }
  return seen
}

/** The row of an item, when it is drawn. */
export const rowOfItem = (list: HTMLElement | null, item: string) => list?.querySelector<HTMLElement>(`[data-items~="${item}"]`)

/** Where in the view one reads, from its top. */
const lineOf = (scroller: HTMLElement) => Math.min(120, scroller.clientHeight / 4)

/** Where the view begins when the line of reading is at this part of a row. */
export const topAt = (scroller: HTMLElement, row: HTMLElement, at: number) => row.offsetTop + at * row.offsetHeight - lineOf(scroller)

/** What is at the line of reading. */
export function readingAt(scroller: HTMLElement, seen: readonly SeenRow[]): Reading {
  const line = scroller.scrollTop + lineOf(scroller)
  for (const { element: row } of seen) {
    const item = row.dataset.items?.split(' ')[0]
    if (!item || row.offsetTop + row.offsetHeight <= line) continue
    const at = (line - row.offsetTop) / Math.max(1, row.offsetHeight)
    return { item: item as ItemId, at: Math.round(Math.max(0, at) * 1000) / 1000 }
  }
  return 'end'
}
