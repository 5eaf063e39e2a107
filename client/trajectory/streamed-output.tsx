import { useEffect, useRef } from 'react'
import type * as Y from 'yjs'
import { followText } from '../base/use-growing-text.ts'

/** What a command prints while it runs. Text is appended to the page as it comes; React sees none of it. */
export function StreamedOutput({ text }: { text: Y.Text }) {
  const pre = useRef<HTMLPreElement>(null)
  useEffect(() => {
    const element = pre.current
    if (!element) return
    const source = followText(text)
    const unsubscribe = source.subscribe(show)
    let shown = ''
    function show() {
      if (!element) return
      const next = source.get()
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24
      if (next.startsWith(shown) && shown !== '') element.append(next.slice(shown.length))
      else element.textContent = next
      shown = next
      if (atEnd) element.scrollTop = element.scrollHeight
    }
    show()
    return unsubscribe
  }, [text])
  return (
    <pre
      ref={pre}
      tabIndex={0}
      role="group"
      aria-label="Output"
      className="max-h-72 overflow-auto px-3 py-2 font-mono text-code-s break-words whitespace-pre-wrap text-fg-2 empty:hidden"
    />
  )
}
