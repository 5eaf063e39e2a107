import { useEffect, useMemo, useRef } from 'react'
import * as Y from 'yjs'
import { boardTodos } from '#shared/board/doc.ts'

/** Edits within this span are undone together, ms. */
const captureMs = 500

export type PlanEdits = {
  /** One change of this person's, which they can undo. */
  change(act: () => void): void
  /** False when there is nothing of one's own to undo. */
  undo(): boolean
  redo(): boolean
  /** What follows is undone apart from what was before. */
  begin(): void
  /** Takes back everything since a depth that `depth` gave. */
  undoTo(depth: number): void
  depth(): number
}

/** This person's edits of the plan, and undoing them alone: what others and agents changed stays. */
export function usePlanEdits(doc: Y.Doc): PlanEdits {
  const manager = useRef<Y.UndoManager>(null)
  const origin = useMemo(() => ({ plan: doc.clientID }), [doc])
  useEffect(() => {
    const made = new Y.UndoManager(boardTodos(doc), { trackedOrigins: new Set([origin]), captureTimeout: captureMs })
    manager.current = made
    return () => {
      made.destroy()
      manager.current = null
    }
  }, [doc, origin])
  return useMemo(
    () => ({
      change: (act) => doc.transact(act, origin),
      undo: () => Boolean(manager.current?.undo()),
      redo: () => Boolean(manager.current?.redo()),
      begin: () => manager.current?.stopCapturing(),
      depth: () => manager.current?.undoStack.length ?? 0,
      undoTo(depth) {
        const made = manager.current
        while (made && made.undoStack.length > depth) made.undo()
      },
    }),
    [doc, origin],
  )
}
