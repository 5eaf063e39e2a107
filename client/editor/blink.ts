import { type Extension } from '@codemirror/state'
import { drawSelection, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const everyMs = 600

/**
 * One's own caret and selection. The caret goes on and off by a clock: the animation that CodeMirror has for it asks for a
 * frame sixty times a second, for as long as the editor has the focus, and a key then waits for the next one.
 */
export function ownCaret(): Extension {
  const blink = ViewPlugin.fromClass(
    class {
      private timer: ReturnType<typeof setInterval> | undefined
      private readonly view: EditorView
      constructor(view: EditorView) {
        this.view = view
      }
      update({ docChanged, selectionSet, focusChanged }: ViewUpdate) {
        if (docChanged || selectionSet || focusChanged) this.begin()
      }
      private begin() {
        const { dom, hasFocus } = this.view
        this.stop()
        if (!hasFocus || matchMedia('(prefers-reduced-motion: reduce)').matches) return
        this.timer = setInterval(() => {
          if (dom.dataset.caret === 'off') delete dom.dataset.caret
          else dom.dataset.caret = 'off'
        }, everyMs)
      }
      private stop() {
        clearInterval(this.timer)
        if (this.view.dom.dataset.caret !== undefined) delete this.view.dom.dataset.caret
      }
      destroy() {
        this.stop()
      }
    },
  )
  return [
    drawSelection({ cursorBlinkRate: 0 }),
    blink,
    EditorView.theme({
      '&.cm-focused > .cm-scroller > .cm-cursorLayer': { animation: 'none' },
      '&[data-caret=off] > .cm-scroller > .cm-cursorLayer .cm-cursor': { visibility: 'hidden' },
    }),
  ]
}
