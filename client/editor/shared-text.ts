import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { yCollab, ySyncAnnotation, yUndoManagerKeymap } from 'y-codemirror.next'
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
