import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { yCollab, ySync, ySyncAnnotation, YSyncConfig, ySyncFacet, yUndoManagerKeymap } from 'y-codemirror.next'
import * as Y from 'yjs'
import { holdsForeign, indexIn, offsetIn, spliceText } from '#shared/base/plain-text.ts'
import { editBetween } from '#shared/board/text-edit.ts'

/** Places of the editor are places in the string that the text shows. */
class TextPlaces extends YSyncConfig {
  override toYPos(pos: number, assoc = 0) {
    return super.toYPos(indexIn(this.ytext, pos), assoc)
  }
  override fromYPos(position: Parameters<YSyncConfig['fromYPos']>[0]) {
    const { pos, assoc } = super.fromYPos(position)
    return { pos: offsetIn(this.ytext, pos), assoc }
  }
}

/**
 * In the place of `ySync`, which hands to the editor whatever is in the text: it never ends on a change of its own when that
 * is no string. What is none is not shown and moves nothing.
 */
const followText = ViewPlugin.fromClass(
  class {
    private readonly view: EditorView
    private readonly conf: YSyncConfig
    private readonly text: Y.Text
    /** Before the change that is being told of. */
    private foreign: boolean
    constructor(view: EditorView) {
      this.view = view
      this.conf = view.state.facet(ySyncFacet)
      this.text = this.conf.ytext
      this.foreign = holdsForeign(this.text)
      this.text.observe(this.show)
    }
    private readonly show = (event: Y.YTextEvent, { origin }: Y.Transaction) => {
      const before = this.foreign
      this.foreign = holdsForeign(this.text)
      if (origin === this.conf) return
      // A delta counts such things, or leaves them out, by their kind.
      const changes = before || this.foreign ? differenceTo(this.view, this.text) : changesOf(event)
      this.view.dispatch({ changes, annotations: [ySyncAnnotation.of(this.conf)] })
    }
    update({ docChanged, transactions, changes }: ViewUpdate) {
      if (!docChanged || transactions[0]?.annotation(ySyncAnnotation) === this.conf) return
      this.text.doc?.transact(() => {
        let moved = 0
        changes.iterChanges((from, to, _fromNow, _toNow, insert) => {
          const put = insert.sliceString(0, insert.length, '\n')
          spliceText(this.text, from + moved, to - from, put)
          moved += put.length - (to - from)
        })
      }, this.conf)
    }
    destroy() {
      this.text.unobserve(this.show)
    }
  },
)

function changesOf({ delta }: Y.YTextEvent) {
  const changes: { from: number; to: number; insert: string }[] = []
  let at = 0
  for (const { insert, delete: gone = 0, retain = 0 } of delta) {
    if (typeof insert === 'string') changes.push({ from: at, to: at, insert })
    else if (gone > 0) changes.push({ from: at, to: at + gone, insert: '' })
    at += gone + retain
  }
  return changes
}

function differenceTo(view: EditorView, text: Y.Text) {
  const { at, remove, insert } = editBetween(view.state.doc.toString(), text.toJSON())
  return { from: at, to: at + remove, insert }
}

/**
 * Ties an editor to a shared text, both ways. What others write arrives as the changes they made; undo and redo know
 * one's own changes only. While `mayWrite` is false nothing from this editor reaches the text, whatever made the change.
 */
export function sharedText(text: Y.Text, mayWrite: () => boolean): { extension: Extension; undo: Y.UndoManager } {
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set(), captureTimeout: 400 })
  const guard = EditorState.changeFilter.of((transaction) => transaction.annotation(ySyncAnnotation) !== undefined || mayWrite())
  // Lengths must agree with the shared text's: only a line feed ends a line, a carriage return stays a character.
  const lines = EditorState.lineSeparator.of('\n')
  // Who goes elsewhere and writes on does something else: undo takes back the one without the other.
  const steps = EditorView.updateListener.of(({ transactions }) => {
    if (transactions.some((transaction) => transaction.isUserEvent('select'))) undo.stopCapturing()
  })
  const places = ySyncFacet.of(new TextPlaces(text, null))
  // Of two configurations the last one holds.
  const both = [yCollab(text, null, { undoManager: undo }) as readonly Extension[], places].flat().map((part) => (part === ySync ? followText : part))
  return { extension: [lines, guard, steps, both, keymap.of(yUndoManagerKeymap)], undo }
}

/**
 * Sees to it that the editor shows the text, whatever goes wrong in between: an extension that throws while a change of
 * somebody else's is shown would leave the editor without it, and what is typed next would go to the wrong place.
 * @returns how to stop
 */
export function keepLevel(view: EditorView, text: Y.Text): () => void {
  let over = false
  // When everybody who shows the change has done so.
  const level = () =>
    queueMicrotask(() => {
      if (over || (view.state.doc.length === text.length && !holdsForeign(text))) return
      if (view.state.doc.toString() === text.toJSON()) return
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text.toJSON() },
        annotations: ySyncAnnotation.of(view.state.facet(ySyncFacet)),
      })
    })
  text.observe(level)
  return () => {
    over = true
    text.unobserve(level)
  }
}
