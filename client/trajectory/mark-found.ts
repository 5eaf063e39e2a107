/** Marks where a text stands, in place: the elements stay as they are. Browsers that cannot do so show no marks. */
export function markFound(list: HTMLElement | null, query: string, current: string | undefined): void {
  if (typeof CSS === 'undefined' || !('highlights' in CSS)) return
  CSS.highlights.delete('found')
  CSS.highlights.delete('found-now')
  if (!list || query === '') return
  const wanted = query.toLowerCase()
  const all = new Highlight()
  const now = new Highlight()
  const walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node && all.size < 2000; node = walker.nextNode()) {
    const text = (node.nodeValue ?? '').toLowerCase()
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      if (at + wanted.length > (node.nodeValue ?? '').length) break
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      const here = current !== undefined && node.parentElement?.closest('[data-items]')?.matches(`[data-items~="${current}"]`)
      ;(here ? now : all).add(range)
    }
  }
  CSS.highlights.set('found', all)
  CSS.highlights.set('found-now', now)
}
