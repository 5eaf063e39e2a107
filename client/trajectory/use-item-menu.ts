import { useState, type MouseEvent } from 'react'
import type { Item } from '#shared/sessions/items.ts'
import type { ItemLookup } from './item-lookup.ts'

/** The menu of an item, which is asked for at a point of the page or by the key for it. */
export function useItemMenu(under: ItemLookup['under']) {
  const [menu, setMenu] = useState<{ item: Item; at: { x: number; y: number } }>()
  const onContextMenu = (event: MouseEvent) => {
    const target = event.target instanceof HTMLElement ? event.target : null
    const row = target?.closest<HTMLElement>('[data-row]') ?? null
    // Selected text, links and fields have a menu of the browser's own.
    if (!row || event.shiftKey || target?.closest('a, input, textarea, img') || getSelection()?.isCollapsed === false) return
    const item = under(target, row)
    if (!item) return
    event.preventDefault()
    const box = row.getBoundingClientRect()
    const byKey = event.clientX === 0 && event.clientY === 0
    setMenu({ item, at: byKey ? { x: box.left + 40, y: Math.max(box.top, 0) + 24 } : { x: event.clientX, y: event.clientY } })
  }
  return { menu, onContextMenu, closeMenu: () => setMenu(undefined) }
}
