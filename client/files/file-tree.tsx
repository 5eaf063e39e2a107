import { useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react'
import type { Translate } from '../i18n/keys.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { VList, type VListHandle } from 'virtua'
import type { FileChange } from '#shared/files/changes.ts'
import { NameField } from './name-field.tsx'
import { EntryIcon, indent, rowId, TreeRow } from './tree-row.tsx'
import { nameOf, parentOf, type EntryLine, type TreeLine } from './tree-model.ts'
import { useTreeDrag } from './use-tree-drag.ts'
import { useTreeKeys } from './use-tree-keys.ts'

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

/** The tree of the workspace. Arrow keys move, right and left open and close, Enter shows a file, letters go to a name. */
export function FileTree(props: Props) {
  const { lines, selected, changes, mayWrite, naming, onNaming, onNamed, onOpen, onExpand, onDelete, onMove, onMenu, marksOf } = props
  const { t } = useTranslation('files')
  const list = useRef<VListHandle>(null)
  const tree = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string>()
  const entries = useMemo(() => lines.filter((line): line is EntryLine => line.kind === 'entry'), [lines])
  const places = useMemo(() => placesOf(entries), [entries])
  const current = entries.find((line) => line.path === focused) ?? entries.find((line) => line.path === selected) ?? entries[0]

  const activate = (line: EntryLine) => (line.entry.type === 'folder' ? onExpand(line.path, !line.expanded) : onOpen(line.path))
  const onKeyDown = useTreeKeys({
    entries,
    current,
    mayWrite,
    go: (line) => {
      if (!line) return
      setFocused(line.path)
      list.current?.scrollToIndex(lines.indexOf(line), { align: 'nearest' })
    },
    activate,
    onExpand,
    onRename: (path) => onNaming({ kind: 'rename', path }),
    onDelete,
    onMenu: (path) => {
      const box = document.getElementById(rowId(path))?.getBoundingClientRect()
      onMenu(path, (box?.left ?? 0) + 32, box?.bottom ?? 0)
    },
  })
  const lineOf = (event: { target: EventTarget }) => {
    const path = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]')?.dataset.path : undefined
    return entries.find((one) => one.path === path)
  }
  const drag = useTreeDrag(lineOf, onMove)
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

  /** The keys go on working where they did. */
  const endNaming = () => {
    onNaming(undefined)
    tree.current?.focus()
  }
  const nameField = (label: string, folder: string, name: string) => (
    <NameField
      label={label}
      name={name}
      problemOf={(next) => problemOf(next, entries, folder, t)}
      onDone={(next) => {
        endNaming()
        if (naming) onNamed(naming, next)
      }}
      onCancel={endNaming}
    />
  )
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
      {...drag.listeners}
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
                {nameField(line.type === 'file' ? t('newFileName') : t('newFolderName'), line.path, '')}
              </div>
            )
          const isNamed = naming?.kind === 'rename' && naming.path === line.path
          return (
            <TreeRow
              key={line.path}
              line={line}
              {...places.of(line)}
              selected={line.path === selected}
              focused={line === current}
              dropTarget={drag.target === line.path}
              draggable={mayWrite}
              change={changes.get(line.path)?.status}
              marks={marksOf(line.path)}
              naming={isNamed ? nameField(t('newName', { name: nameOf(line.path) }), parentOf(line.path), line.entry.name) : undefined}
            />
          )
        }}
      </VList>
    </div>
  )
}

/** Why an entry of a folder may not be called so. */
function problemOf(name: string, entries: readonly EntryLine[], folder: string, t: Translate<'files'>): string | undefined {
  if (name === '' || name === '.' || name === '..' || /[/\\\p{Cc}]/u.test(name) || name.length > 255) return t('plainName')
  return entries.some((line) => parentOf(line.path) === folder && line.entry.name === name) ? t('nameTaken', { name }) : undefined
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
