import { css } from '@codemirror/lang-css'
import { html } from '@codemirror/lang-html'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { markdown } from '@codemirror/lang-markdown'
import { python } from '@codemirror/lang-python'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.controlKeyword], color: 'var(--syn-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], color: 'var(--syn-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--syn-number)' },
  { tag: [tags.typeName, tags.className, tags.tagName, tags.propertyName, tags.definition(tags.typeName)], color: 'var(--syn-type)' },
  { tag: [tags.comment, tags.meta], color: 'var(--syn-comment)' },
  { tag: tags.heading, fontWeight: '600' },
  { tag: [tags.link, tags.url], color: 'var(--accent-text)' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strong, fontWeight: '600' },
])

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--fg)', fontSize: '12.5px' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono, "JetBrains Mono"), "JetBrains Mono", ui-monospace, monospace',
    lineHeight: '20px',
    fontVariantLigatures: 'none',
    overflow: 'auto',
  },
  '.cm-content': { padding: '8px 0 24px' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--fg-3)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 14px', minWidth: '40px' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklch, var(--accent) 22%, transparent) !important',
  },
})

/** What colours a file, by its name; plain text for the rest. */
function languageOf(path: string): Extension {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  switch (extension) {
    case 'ts':
    case 'tsx':
    case 'mts':
      return javascript({ typescript: true, jsx: extension === 'tsx' })
    case 'js':
    case 'jsx':
    case 'mjs':
    case 'cjs':
      return javascript({ jsx: true })
    case 'py':
      return python()
    case 'json':
      return json()
    case 'md':
      return markdown()
    case 'css':
      return css()
    case 'html':
    case 'htm':
    case 'svg':
      return html()
    default:
      return []
  }
}

/** A file's text, read-only, coloured; a new text keeps the place that was scrolled to. */
export default function CodeView({ text, path }: { text: string; path: string }) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const language = useRef(new Compartment())

  useEffect(() => {
    if (!host.current) return
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        extensions: [
          lineNumbers(),
          highlightSpecialChars(),
          drawSelection(),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': 'File content', 'aria-readonly': 'true' }),
          syntaxHighlighting(colours),
          look,
          language.current.of([]),
        ],
      }),
    })
    view.current = made
    return () => {
      made.destroy()
      view.current = null
    }
  }, [])

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageOf(path)) })
    if (view.current) view.current.scrollDOM.scrollTop = 0
  }, [path])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === text) return
    const top = editor.scrollDOM.scrollTop
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
    editor.scrollDOM.scrollTop = top
  }, [text])

  return <div ref={host} className="h-full min-h-0" />
}
