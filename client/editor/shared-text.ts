import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { yCollab, ySyncAnnotation, ySyncFacet, yUndoManagerKeymap } from 'y-codemirror.next'
import * as Y from 'yjs'

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
  return { extension: [lines, guard, steps, yCollab(text, null, { undoManager: undo }), keymap.of(yUndoManagerKeymap)], undo }
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
      if (over || view.state.doc.length === text.length) return
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
