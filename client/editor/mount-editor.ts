import { defaultKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { gotoLine, highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  crosshairCursor,
  dropCursor,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view'
import type * as Y from 'yjs'
import type { EditorHandle } from './handle.ts'
import { ownCaret } from './blink.ts'
import { languageOf } from './languages.ts'
import { look } from './look.ts'
import { keepLevel, sharedText } from './shared-text.ts'

export type Mounted = EditorHandle & {
  setReadOnly(readOnly: boolean): void
  setWrap(wrap: boolean): void
  setPath(path: string): void
  setDescription(label: string, describedBy: string, phrases: Record<string, string>): void
  setExtra(extension: Extension): void
  destroy(): void
}

export type MountOptions = {
  parent: HTMLElement
  text: Y.Text
  readOnly: boolean
  wrap: boolean
  /** Called when the selection, the focus or the text under the selection changed. */
  onSelection(anchor: number, head: number): void
}

/** What one should know is there: controls, and what hides or turns the direction of text. A carriage return ends lines of its own kind. */
const invisible = /(?![\t\r])[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffc]/gu

/** The two spaces, four spaces or tab that a text indents with. */
export function indentOf(text: string): string {
  const found = /^( {2,8}|\t)\S/m.exec(text.slice(0, 20_000))?.[1]
  return found === '\t' || found === '    ' ? found : '  '
}

/** The caret shows the focus to those who clicked; whoever came by Tab also sees how far the editor goes. */
const ringByKeyboard = EditorView.domEventHandlers({
  keyup(event, view) {
    if (event.key === 'Tab' && view.dom.dataset.ring === undefined) view.dom.dataset.ring = 'yes'
    return false
  },
  keydown(_, view) {
    view.dom.dataset.ring = 'no'
    return false
  },
  blur(_, view) {
    delete view.dom.dataset.ring
    return false
  },
})

/** An editor of a shared text. Nothing in it renders through React: a key, a delta and a moved cursor cost what they change. */
export function mountEditor({ parent, text, readOnly, wrap, onSelection }: MountOptions): Mounted {
  const compartments = {
    readOnly: new Compartment(),
    wrap: new Compartment(),
    language: new Compartment(),
    words: new Compartment(),
    extra: new Compartment(),
  }
  let writable = !readOnly
  let wanted = 0
  const shared = sharedText(text, () => writable)
  const doc = text.toJSON()
  const access = (locked: boolean): Extension => [
    EditorState.readOnly.of(locked),
    EditorView.contentAttributes.of(locked ? { 'aria-readonly': 'true' } : {}),
  ]

  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      extensions: [
        // Before the line numbers: its bars stand at the left edge.
        compartments.extra.of([]),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars({ specialChars: invisible }),
        ownCaret(),
        dropCursor(),
        rectangularSelection(),
        crosshairCursor(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.tabSize.of(4),
        indentUnit.of(indentOf(doc)),
        indentOnInput(),
        bracketMatching(),
        highlightSelectionMatches({ minSelectionLength: 2 }),
        search({ top: true }),
        shared.extension,
        keymap.of([...searchKeymap, ...defaultKeymap, indentWithTab]),
        look,
        EditorView.contentAttributes.of({
          role: 'textbox',
          tabindex: '0',
          'aria-multiline': 'true',
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
        }),
        compartments.readOnly.of(access(readOnly)),
        compartments.wrap.of(wrap ? EditorView.lineWrapping : []),
        compartments.language.of([]),
        compartments.words.of([]),
        ringByKeyboard,
        EditorView.updateListener.of((update) => {
          if (!update.selectionSet && !update.focusChanged && !update.docChanged) return
          const { anchor, head } = update.state.selection.main
          onSelection(anchor, head)
        }),
      ],
    }),
  })

  const stop = keepLevel(view, text)
  const set = (compartment: Compartment, extension: Extension) => view.dispatch({ effects: compartment.reconfigure(extension) })
  return {
    setReadOnly(locked) {
      writable = !locked
      if (locked !== view.state.readOnly) set(compartments.readOnly, access(locked))
    },
    setWrap: (on) => set(compartments.wrap, on ? EditorView.lineWrapping : []),
    setPath(path) {
      wanted += 1
      const asked = wanted
      const load = languageOf(path)
      if (!load) return set(compartments.language, [])
      // Without its grammar a file is plain text, which is no failure.
      load().then(
        (language) => asked === wanted && set(compartments.language, language),
        () => {},
      )
    },
    setDescription: (label, describedBy, phrases) =>
      set(compartments.words, [
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': describedBy }),
        EditorState.phrases.of(phrases),
      ]),
    setExtra: (extension) => set(compartments.extra, extension),
    goTo(line, column = 1) {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)))
      const anchor = Math.min(at.to, at.from + Math.max(0, column - 1))
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) })
      view.focus()
    },
    show(offset) {
      const at = Math.max(0, Math.min(offset, view.state.doc.length))
      const box = view.scrollDOM.getBoundingClientRect()
      const place = view.coordsAtPos(at)
      const inSight = place && place.top >= box.top + 24 && place.bottom <= box.bottom - 24 && place.left >= box.left && place.left <= box.right
      if (!inSight) view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'center', x: 'nearest' }) })
    },
    openSearch: () => void openSearchPanel(view),
    openGoToLine: () => void gotoLine(view),
    undo: () => void shared.undo.undo(),
    redo: () => void shared.undo.redo(),
    focus: () => view.focus(),
    destroy() {
      wanted += 1
      stop()
      view.destroy()
      shared.undo.destroy()
    },
  }
}
