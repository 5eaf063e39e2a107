import type { Extension } from '@codemirror/state'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { Store } from '../ui/store.ts'
import type { EditorHandle } from './handle.ts'
import { mountEditor, type Mounted } from './mount-editor.ts'
import { phrasesOf } from './phrases.ts'
import { remoteCursors, type CursorSource } from './remote-cursors.ts'
import { writtenBy, type Written } from './written-by.ts'

type Props = {
  text: Y.Text
  path: string
  readOnly: boolean
  wrap: boolean
  cursors: CursorSource
  written: Pick<Store<readonly Written[]>, 'get' | 'subscribe'>
  onSelection(anchor: number, head: number): void
  /** The open editor, and null when it closes. */
  onHandle(handle: EditorHandle | null): void
}

/** A shared text, coloured, with everybody's cursors. One editor lasts as long as its text. */
export default function SharedEditor({ text, path, readOnly, wrap, cursors, written, onSelection, onHandle }: Props) {
  const { t, language } = useTranslation('editor')
  const host = useRef<HTMLDivElement>(null)
  const mounted = useRef<Mounted>(null)
  const hint = useId()
  const first = useRef({ readOnly, wrap })
  const latest = useRef({ onSelection, onHandle })
  useEffect(() => {
    latest.current = { onSelection, onHandle }
  })

  useEffect(() => {
    if (!host.current) return
    const editor = mountEditor({
      parent: host.current,
      text,
      ...first.current,
      onSelection: (anchor, head) => latest.current.onSelection(anchor, head),
    })
    mounted.current = editor
    latest.current.onHandle(editor)
    const { onHandle: tell } = latest.current
    return () => {
      mounted.current = null
      tell(null)
      editor.destroy()
    }
  }, [text])

  useEffect(() => {
    first.current = { readOnly, wrap }
    mounted.current?.setReadOnly(readOnly)
    mounted.current?.setWrap(wrap)
  }, [text, readOnly, wrap])
  useEffect(() => mounted.current?.setPath(path), [text, path])
  useEffect(() => mounted.current?.setDescription(t('label', { path }), hint, phrasesOf(t)), [text, path, hint, t])
  useEffect(() => {
    const extra: Extension = [remoteCursors(cursors), writtenBy(written)]
    mounted.current?.setExtra(extra)
  }, [text, cursors, written, language])

  return (
    // Esc leaves the editor's keys to Tab; it is not the room's Esc.
    <div ref={host} role="presentation" className="h-full min-h-0" onKeyDown={(event) => event.key === 'Escape' && event.preventDefault()}>
      <span id={hint} className="sr-only">
        {t('tabHint')}
      </span>
    </div>
  )
}
