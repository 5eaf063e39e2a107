import { useRef, useState, type DragEvent } from 'react'
import { isWithin, parentOf, type EntryLine } from './tree-model.ts'

const dragType = 'application/x-atrium-path'

/** Moving entries by dragging them onto a folder, or onto what lies in one. `target` is the folder that would take it now. */
export function useTreeDrag(lineOf: (event: DragEvent) => EntryLine | undefined, onMove: (from: string, folder: string) => void) {
  const [target, setTarget] = useState<string>()
  const dragged = useRef<string>(undefined)
  const folderUnder = (event: DragEvent) => {
    const line = lineOf(event)
    const folder = !line ? '' : line.entry.type === 'folder' ? line.path : parentOf(line.path)
    const from = dragged.current
    return from === undefined || isWithin(folder, from) || parentOf(from) === folder ? undefined : folder
  }
  const finish = () => {
    dragged.current = undefined
    setTarget(undefined)
  }
  return {
    target,
    listeners: {
      onDragStart: (event: DragEvent) => {
        const line = lineOf(event)
        if (!line) return
        dragged.current = line.path
        event.dataTransfer.setData(dragType, line.path)
        event.dataTransfer.effectAllowed = 'move'
      },
      onDragOver: (event: DragEvent) => {
        if (dragged.current === undefined) return
        const folder = folderUnder(event)
        setTarget(folder)
        if (folder !== undefined) event.preventDefault()
      },
      onDrop: (event: DragEvent) => {
        const folder = folderUnder(event)
        if (folder !== undefined && dragged.current !== undefined) {
          event.preventDefault()
          onMove(dragged.current, folder)
        }
        finish()
      },
      onDragEnd: finish,
    },
  }
}
