import { useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { VList, type VListHandle } from 'virtua'
import type { FileChange } from '#shared/files/changes.ts'
import { NameField } from './name-field.tsx'
import { EntryIcon, indent, rowId, TreeRow } from './tree-row.tsx'
import { isWithin, nameOf, parentOf, typedAhead, type EntryLine, type TreeLine } from './tree-model.ts'

/** What is being named: an entry that gets another name, or one to be made in a folder. */
export type Naming = { kind: 'rename'; path: string } | { kind: 'new'; folder: string; type: 'file' | 'folder' }

type Props = {
  lines: readonly TreeLine[]
  selected: string | undefined
  changes: ReadonlyMap<string, FileChange>
  mayWrite: boolean
  naming: Naming | undefined
  onNaming(naming: Naming | undefined): void
  onNamed(naming: Naming, name: string): void
  onOpen(path: string): void
  onExpand(path: string, open: boolean): void
  onDelete(path: string): void
  onMove(from: string, folder: string): void
  /** Asked for at a point of the page, for an entry or the tree itself (an empty path). */
  onMenu(path: string, x: number, y: number): void
  /** Who is in a file, shown at its row. */
  marksOf(path: string): ReactNode
}

const dragType = 'application/x-atrium-path'
const pauseMs = 700

/** The tree of the workspace. Arrow keys move, right and left open and close, Enter shows a file, letters go to a name. */
export function FileTree(props: Props) {
  const { lines, selected, changes, mayWrite, naming, onNaming, onNamed, onOpen, onExpand, onDelete, onMove, onMenu, marksOf } = props
  const { t } = useTranslation('files')
  const list = useRef<VListHandle>(null)
  const tree = useRef<HTMLDivElement>(null)
  const typed = useRef({ text: '', at: 0 })
  const [focused, setFocused] = useState<string>()
  const [target, setTarget] = useState<string>()
  const entries = useMemo(() => lines.filter((line): line is EntryLine => line.kind === 'entry'), [lines])
  const places = useMemo(() => placesOf(entries), [entries])
  const current = entries.find((line) => line.path === focused) ?? entries.find((line) => line.path === selected) ?? entries[0]

  const go = (line: EntryLine | undefined) => {
    if (!line) return
    setFocused(line.path)
    list.current?.scrollToIndex(lines.indexOf(line), { align: 'nearest' })
  }
  const activate = (line: EntryLine) => (line.entry.type === 'folder' ? onExpand(line.path, !line.expanded) : onOpen(line.path))

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.target instanceof HTMLInputElement) return
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = entries.indexOf(current)
    const folder = current.entry.type === 'folder'
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(entries[at + 1]),
      ArrowUp: () => go(entries[at - 1]),
      PageDown: () => go(entries[Math.min(entries.length - 1, at + 15)]),
      PageUp: () => go(entries[Math.max(0, at - 15)]),
      Home: () => go(entries[0]),
      End: () => go(entries.at(-1)),
      ArrowRight: () => (!folder ? undefined : !current.expanded ? onExpand(current.path, true) : go(entries[at + 1])),
      ArrowLeft: () =>
        folder && current.expanded ? onExpand(current.path, false) : go(entries.find((line) => line.path === parentOf(current.path))),
      '*': () => {
        for (const line of entries) if (line.entry.type === 'folder' && parentOf(line.path) === parentOf(current.path)) onExpand(line.path, true)
      },
      Enter: () => activate(current),
      ' ': () => activate(current),
      ...(mayWrite && {
        F2: () => onNaming({ kind: 'rename', path: current.path }),
        Delete: () => onDelete(current.path),
      }),
      ContextMenu: () => menuAtRow(current.path),
      ...(event.shiftKey && { F10: () => menuAtRow(current.path) }),
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

  const menuAtRow = (path: string) => {
    const box = document.getElementById(rowId(path))?.getBoundingClientRect()
    onMenu(path, (box?.left ?? 0) + 32, box?.bottom ?? 0)
  }
  const lineOf = (event: { target: EventTarget }) => {
    const path = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]')?.dataset.path : undefined
    return entries.find((one) => one.path === path)
  }
  const onClick = (event: MouseEvent) => {
    const line = lineOf(event)
    if (!line || event.target instanceof HTMLInputElement) return
    setFocused(line.path)
    activate(line)
  }
  const onContextMenu = (event: MouseEvent) => {
    event.preventDefault()
    const line = lineOf(event)
    if (line) setFocused(line.path)
    onMenu(line?.path ?? '', event.clientX, event.clientY)
  }

  const dragged = useRef<string>(undefined)
  const folderUnder = (event: DragEvent) => {
    const line = lineOf(event)
    const folder = !line ? '' : line.entry.type === 'folder' ? line.path : parentOf(line.path)
    const from = dragged.current
    return from === undefined || isWithin(folder, from) || parentOf(from) === folder ? undefined : folder
  }
  const finishDrag = () => {
    dragged.current = undefined
    setTarget(undefined)
  }
  /** After naming, the keys go on working where they did. */
  const nameDone = (next: Naming | undefined, name?: string) => {
    onNaming(undefined)
    tree.current?.focus()
    if (next && name !== undefined) onNamed(next, name)
  }

  const siblings = (folder: string) => entries.filter((line) => parentOf(line.path) === folder)
  const problemOf = (folder: string) => (name: string) => {
    if (name === '' || name === '.' || name === '..' || /[/\\\p{Cc}]/u.test(name) || name.length > 255) return t('plainName')
    return siblings(folder).some((line) => line.entry.name === name) ? t('nameTaken', { name }) : undefined
  }

  return (
    <div
      ref={tree}
      role="tree"
      aria-label={t('tree')}
      tabIndex={0}
      aria-activedescendant={current ? rowId(current.path) : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      onContextMenu={onContextMenu}
      onDragStart={(event) => {
        const line = lineOf(event)
        if (!line) return
        dragged.current = line.path
        event.dataTransfer.setData(dragType, line.path)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        if (dragged.current === undefined) return
        const folder = folderUnder(event)
        setTarget(folder)
        if (folder !== undefined) event.preventDefault()
      }}
      onDrop={(event) => {
        const folder = folderUnder(event)
        if (folder !== undefined && dragged.current !== undefined) {
          event.preventDefault()
          onMove(dragged.current, folder)
        }
        finishDrag()
      }}
      onDragEnd={finishDrag}
      className="group/tree h-full py-1.5 -outline-offset-2"
    >
      <VList ref={list} className="h-full" data={lines}>
        {(line) => {
          if (line.kind === 'omitted')
            return (
              <p key={`more ${line.path}`} className="mx-1.5 flex h-(--h-row) items-center text-small text-fg-3" style={indent(line.depth)}>
                {t('moreNotShown', { count: line.count })}
              </p>
            )
          if (line.kind === 'new')
            return (
              <div key="new" className="mx-1.5 flex h-(--h-row) items-center gap-1.5 pr-1.5" style={indent(line.depth)}>
                <EntryIcon path="" type={line.type} />
                <NameField
                  label={line.type === 'file' ? t('newFileName') : t('newFolderName')}
                  name=""
                  problemOf={problemOf(line.path)}
                  onDone={(name) => nameDone(naming, name)}
                  onCancel={() => nameDone(undefined)}
                />
              </div>
            )
          const folder = parentOf(line.path)
          return (
            <TreeRow
              key={line.path}
              line={line}
              {...places.of(line)}
              selected={line.path === selected}
              focused={line === current}
              dropTarget={target === line.path}
              draggable={mayWrite}
              change={changes.get(line.path)?.status}
              marks={marksOf(line.path)}
              naming={
                naming?.kind === 'rename' && naming.path === line.path ? (
                  <NameField
                    label={t('newName', { name: nameOf(line.path) })}
                    name={line.entry.name}
                    problemOf={problemOf(folder)}
                    onDone={(name) => nameDone(naming, name)}
                    onCancel={() => nameDone(undefined)}
                  />
                ) : undefined
              }
            />
          )
        }}
      </VList>
    </div>
  )
}

/** Where each entry stands among those of its folder, counted once. */
function placesOf(entries: readonly EntryLine[]) {
  const counts = new Map<string, number>()
  const positions = new Map<string, number>()
  for (const { path } of entries) {
    const folder = parentOf(path)
    const position = (counts.get(folder) ?? 0) + 1
    counts.set(folder, position)
    positions.set(path, position)
  }
  return { of: ({ path }: EntryLine) => ({ position: positions.get(path) ?? 1, count: counts.get(parentOf(path)) ?? 1 }) }
}
