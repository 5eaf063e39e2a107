import { useEffect, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { followText } from '../sync/use-growing-text.ts'
import { createAnsiReader, type AnsiLine } from '../ui/ansi.ts'
import { outputLook } from './output.tsx'

/** What a command prints while it runs. Lines are appended to the page as they come; React sees none of it. */
export function StreamedOutput({ text }: { text: Y.Text }) {
  const { t } = useTranslation('trajectory')
  const pre = useRef<HTMLPreElement>(null)
  useEffect(() => {
    const element = pre.current
    if (!element) return
    const source = followText(text)
    const unsubscribe = source.subscribe(show)
    let reader = createAnsiReader()
    let shown = ''
    function show() {
      if (!element) return
      const next = source.get()
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 24
      if (!next.startsWith(shown)) {
        reader = createAnsiReader()
        shown = ''
      }
      const from = reader.add(next.slice(shown.length))
      shown = next
      while (element.childNodes.length > from) element.lastChild?.remove()
      element.append(...reader.lines.slice(from).map(lineElement))
      if (atEnd) element.scrollTop = element.scrollHeight
    }
    show()
    return unsubscribe
  }, [text])
  return <pre ref={pre} tabIndex={0} role="group" aria-label={t('output')} className={`${outputLook} max-h-72 overflow-auto empty:hidden`} />
}

function lineElement({ parts, ended }: AnsiLine): Node {
  const line = document.createElement('span')
  for (const { text, className } of parts) {
    const piece = document.createElement('span')
    if (className) piece.className = className
    piece.textContent = text
    line.append(piece)
  }
  if (ended) line.append('\n')
  return line
}
