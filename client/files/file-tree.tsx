import { ChevronDown, ChevronRight, File, FileCode2, FileImage, FileText, Folder, Link2 } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { VList, type VListHandle } from 'virtua'
import { formatBytes } from '../base/format.ts'
import { cx } from '../ui/class-names.ts'
import { Spinner } from '../ui/spinner.tsx'
import { parentOf, type TreeLine } from './tree-model.ts'

type Props = {
  lines: readonly TreeLine[]
  selected: string | undefined
  onOpen(path: string): void
  onExpand(path: string, open: boolean): void
  /** Who is in a file, shown at its row. */
  marksOf(path: string): ReactNode
}

type EntryLine = Extract<TreeLine, { kind: 'entry' }>

/** The tree of the workspace. Arrow keys move, right and left open and close, Enter shows a file. */
export function FileTree({ lines, selected, onOpen, onExpand, marksOf }: Props) {
  const list = useRef<VListHandle>(null)
  const [focused, setFocused] = useState<string>()
  const entries = lines.filter((line): line is EntryLine => line.kind === 'entry')
  const current = entries.find((line) => line.path === focused) ?? entries.find((line) => line.path === selected) ?? entries[0]

  const go = (line: EntryLine | undefined) => {
    if (!line) return
    setFocused(line.path)
    list.current?.scrollToIndex(lines.indexOf(line), { align: 'nearest' })
  }
  const activate = (line: EntryLine) => (line.entry.type === 'folder' ? onExpand(line.path, !line.expanded) : onOpen(line.path))

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current) return
    const at = entries.indexOf(current)
    const folder = current.entry.type === 'folder'
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(entries[at + 1]),
      ArrowUp: () => go(entries[at - 1]),
      Home: () => go(entries[0]),
      End: () => go(entries.at(-1)),
      ArrowRight: () => (folder && !current.expanded ? onExpand(current.path, true) : go(entries[at + 1])),
      ArrowLeft: () =>
        folder && current.expanded ? onExpand(current.path, false) : go(entries.find((line) => line.path === parentOf(current.path))),
      Enter: () => activate(current),
      ' ': () => activate(current),
    }
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  const onClick = (event: MouseEvent) => {
    const path = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-path]')?.dataset.path : undefined
    const line = entries.find((one) => one.path === path)
    if (!line) return
    setFocused(line.path)
    activate(line)
  }

  return (
    <div
      role="tree"
      aria-label="File tree"
      tabIndex={0}
      aria-activedescendant={current ? rowId(current.path) : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
      className="group/tree h-full py-1.5 -outline-offset-2"
    >
      <VList ref={list} className="h-full">
        {lines.map((line) =>
          line.kind === 'entry' ? (
            <Line key={line.path} line={line} selected={line.path === selected} focused={line === current} marks={marksOf(line.path)} />
          ) : (
            <p
              key={`more ${line.path}`}
              className="flex h-(--h-row) items-center text-small text-fg-3"
              style={{ paddingLeft: 14 + line.depth * 16 + 20 }}
            >
              {line.count === 1 ? '1 more is not shown' : `${line.count} more are not shown`}
            </p>
          ),
        )}
      </VList>
    </div>
  )
}

const rowId = (path: string) => `tree ${path}`.replaceAll(/\s/g, '_')

type LineProps = { line: EntryLine; selected: boolean; focused: boolean; marks: ReactNode }

const Line = ({ line, selected, focused, marks }: LineProps) => (
  <div
    id={rowId(line.path)}
    role="treeitem"
    tabIndex={-1}
    aria-level={line.depth + 1}
    aria-selected={selected}
    aria-expanded={line.entry.type === 'folder' ? line.expanded : undefined}
    aria-label={line.entry.name}
    title={line.entry.type === 'folder' ? line.path : `${line.path}, ${formatBytes(line.entry.size)}`}
    data-path={line.path}
    style={{ paddingLeft: 8 + line.depth * 16 }}
    className={cx(
      'mx-1.5 flex h-[27px] items-center gap-1.5 rounded-md pr-2 text-ui select-none pointer-coarse:h-11',
      selected ? 'bg-selected text-fg' : 'text-fg-2 hover:bg-hover hover:text-fg',
      focused && 'group-focus-visible/tree:shadow-[inset_0_0_0_1px_var(--focus)]',
    )}
  >
    {line.entry.type === 'folder' ? (
      line.expanded ? (
        <ChevronDown size={13} className="shrink-0 text-fg-3" />
      ) : (
        <ChevronRight size={13} className="shrink-0 text-fg-3" />
      )
    ) : (
      <span className="w-[13px] shrink-0" />
    )}
    <EntryIcon line={line} />
    <span className="min-w-0 flex-1 truncate">{line.entry.name}</span>
    {line.loading && <Spinner className="text-fg-3" />}
    {marks}
  </div>
)

const code = /\.(tsx?|jsx?|mjs|cjs|py|rb|go|rs|java|c|h|cpp|css|html?|json|ya?ml|toml|sh|sql)$/i
const image = /\.(png|jpe?g|gif|webp|svg|avif|ico|bmp)$/i

function EntryIcon({ line }: { line: EntryLine }) {
  const look = { size: 15, strokeWidth: 1.75, className: 'shrink-0 text-fg-3' }
  if (line.entry.type === 'folder') return <Folder {...look} />
  if (line.entry.type === 'link') return <Link2 {...look} />
  if (code.test(line.path)) return <FileCode2 {...look} />
  if (image.test(line.path)) return <FileImage {...look} />
  return /\.(md|txt|csv|log|pdf)$/i.test(line.path) ? <FileText {...look} /> : <File {...look} />
}
