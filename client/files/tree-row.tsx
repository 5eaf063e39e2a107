import { ChevronDown, ChevronRight, File, FileCode2, FileImage, FileSpreadsheet, FileText, Folder, Link2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { FileChange } from '#shared/files/changes.ts'
import { formatBytes } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { Spinner } from '../ui/spinner.tsx'
import { nameOf, shownName, type EntryLine } from './tree-model.ts'

export const rowId = (path: string) => `tree ${path}`.replaceAll(/\s/g, '_')
export const indent = (depth: number) => ({ paddingLeft: 6 + depth * 14 })

type Props = {
  line: EntryLine
  position: number
  count: number
  selected: boolean
  focused: boolean
  dropTarget: boolean
  draggable: boolean
  change: FileChange['status'] | undefined
  marks: ReactNode
  /** In place of the name while it is being given. */
  naming: ReactNode
}

/** One file or folder of the tree. */
export function TreeRow({ line, position, count, selected, focused, dropTarget, draggable, change, marks, naming }: Props) {
  const { t } = useTranslation('files')
  const folder = line.entry.type === 'folder'
  const name = shownName(line.entry.name)
  const state = change === 'A' ? t('added') : change === 'M' ? t('changed') : undefined
  return (
    <div
      id={rowId(line.path)}
      role="treeitem"
      tabIndex={-1}
      aria-level={line.depth + 1}
      aria-posinset={position}
      aria-setsize={count}
      aria-selected={selected}
      aria-expanded={folder ? line.expanded : undefined}
      aria-busy={line.loading || undefined}
      aria-label={state ? `${name}, ${state}` : name}
      title={folder ? line.path : `${line.path}, ${formatBytes(line.entry.size)}`}
      data-path={line.path}
      draggable={draggable && !naming}
      style={indent(line.depth)}
      className={cx(
        'mx-1.5 flex h-(--h-row) items-center gap-1.5 rounded-md pr-1.5 text-ui select-none',
        selected ? 'bg-selected text-fg forced-colors:outline' : 'text-fg-2 hover:bg-hover hover:text-fg',
        focused && 'group-focus-visible/tree:shadow-[inset_0_0_0_2px_var(--focus)]',
        dropTarget && 'bg-accent-tint shadow-[inset_0_0_0_1px_var(--accent)]',
      )}
    >
      {folder &&
        (line.expanded ? (
          <ChevronDown size={12} className="-mx-px shrink-0 text-fg-3" aria-hidden />
        ) : (
          <ChevronRight size={12} className="-mx-px shrink-0 text-fg-3" aria-hidden />
        ))}
      <EntryIcon path={line.path} type={line.entry.type} />
      {naming ?? <span className={cx('min-w-0 flex-1 truncate', change === 'D' && 'line-through')}>{name}</span>}
      {line.loading && <Spinner className="text-fg-3" />}
      {marks}
      {state && (
        <span
          aria-hidden
          title={state}
          data-change={change}
          className={cx('w-3 shrink-0 text-center text-micro after:content-[attr(data-change)]', change === 'A' ? 'text-ok' : 'text-warn')}
        />
      )}
    </div>
  )
}

const code = /\.(tsx?|jsx?|mjs|cjs|mts|py|rb|go|rs|java|c|h|cpp|css|html?|ya?ml|toml|sh|sql|vue|swift|kt|php)$/i
const image = /\.(png|jpe?g|gif|webp|svg|avif|ico|bmp)$/i

export function EntryIcon({ path, type }: { path: string; type: 'file' | 'folder' | 'link' }) {
  const look = { size: 14, strokeWidth: 1.75, className: 'shrink-0 text-fg-3', 'aria-hidden': true as const }
  if (type === 'folder') return <Folder {...look} />
  if (type === 'link') return <Link2 {...look} />
  const name = nameOf(path)
  if (code.test(name)) return <FileCode2 {...look} />
  if (image.test(name)) return <FileImage {...look} />
  if (/\.(csv|tsv|xlsx?|parquet)$/i.test(name)) return <FileSpreadsheet {...look} />
  return /\.(md|txt|log|pdf|json|markdown)$/i.test(name) ? <FileText {...look} /> : <File {...look} />
}
