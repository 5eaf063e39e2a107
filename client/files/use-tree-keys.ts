import { useRef, type KeyboardEvent } from 'react'
import { parentOf, typedAhead, type EntryLine } from './tree-model.ts'

/** Letters that come within this time of each other are one name, in ms. */
const pauseMs = 700

type Options = {
  entries: readonly EntryLine[]
  /** The entry that has the focus. */
  current: EntryLine | undefined
  mayWrite: boolean
  go(line: EntryLine | undefined): void
  activate(line: EntryLine): void
  onExpand(path: string, open: boolean): void
  onRename(path: string): void
  onDelete(path: string): void
  onMenu(path: string): void
}

/** The keys of a tree: arrows, pages and ends, letters that go to a name, and what is done to the entry that has the focus. */
export function useTreeKeys({ entries, current, mayWrite, go, activate, onExpand, onRename, onDelete, onMenu }: Options) {
  const typed = useRef({ text: '', at: 0 })
  return (event: KeyboardEvent): void => {
    if (!current || event.target instanceof HTMLInputElement) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = entries.indexOf(current)
    const folder = current.entry.type === 'folder'
    const parent = parentOf(current.path)
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(entries[at + 1]),
      ArrowUp: () => go(entries[at - 1]),
      PageDown: () => go(entries[Math.min(entries.length - 1, at + 15)]),
      PageUp: () => go(entries[Math.max(0, at - 15)]),
      Home: () => go(entries[0]),
      End: () => go(entries.at(-1)),
      ArrowRight: () => (!folder ? undefined : !current.expanded ? onExpand(current.path, true) : go(entries[at + 1])),
      ArrowLeft: () => (folder && current.expanded ? onExpand(current.path, false) : go(entries.find((line) => line.path === parent))),
      '*': () => {
        for (const line of entries) if (line.entry.type === 'folder' && parentOf(line.path) === parent) onExpand(line.path, true)
      },
      Enter: () => activate(current),
      ' ': () => activate(current),
      ...(mayWrite && { F2: () => onRename(current.path), Delete: () => onDelete(current.path) }),
      ContextMenu: () => onMenu(current.path),
      ...(event.shiftKey && { F10: () => onMenu(current.path) }),
    }
    const act = keys[event.key]
    const letter = event.key.length === 1 && event.key !== ' '
    if (!act && !letter) return
    event.preventDefault()
    // Letters here go to names; they are not the room's keys.
    event.stopPropagation()
    if (act) return act()
    const fresh = event.timeStamp - typed.current.at > pauseMs
    typed.current = { text: fresh ? event.key : typed.current.text + event.key, at: event.timeStamp }
    go(typedAhead(entries, at, typed.current.text))
  }
}
