import { ChevronLeft, Diff, Ellipsis, PanelLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { FilePath } from '#shared/files/path.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import { Segmented } from '../ui/segmented.tsx'
import type { FileMode } from './file-kind.ts'
import { useFilesRoom } from './room-context.ts'
import { nameOf, parentOf } from './tree-model.ts'

type Props = {
  path: FilePath
  modes: readonly FileMode[]
  mode: FileMode
  onMode(mode: FileMode): void
  /** Undefined when there is nothing to compare with. */
  diff: { on: boolean; onDiff(on: boolean): void } | undefined
  following: ReactNode
  /** Set where the tree is not beside the file. */
  onTree: (() => void) | undefined
  menu: ReactNode
}

/** One line over a file: where it is, how it is looked at, and what else can be done. */
export function FileBar({ path, modes, mode, onMode, diff, following, onTree, menu }: Props) {
  const { t } = useTranslation('files')
  const { narrow, open } = useFilesRoom()
  const names: Record<FileMode, string> = {
    source: modes.includes('page') ? t('modeCode') : t('modeSource'),
    beside: t('modeBeside'),
    rendered: t('modeRendered'),
    table: t('modeTable'),
    picture: t('modePicture'),
    page: t('modePage'),
  }
  const fitting = narrow ? modes.filter((one) => one !== 'beside') : modes
  const shown = fitting.includes('page') ? fitting.toReversed() : fitting
  return (
    <header className="flex min-h-9 shrink-0 items-center gap-1 border-b border-line pr-2 pl-3.5 text-ui max-sm:pl-1">
      {narrow ? (
        <IconButton label={t('backToTree')} onClick={() => open(undefined)}>
          <ChevronLeft size={16} />
        </IconButton>
      ) : (
        onTree && (
          <IconButton label={t('showTree')} className="-ml-2" onClick={onTree}>
            <PanelLeft size={15} />
          </IconButton>
        )
      )}
      <h2 className="flex min-w-0 items-center gap-1.5" title={path}>
        {parentOf(path) && <span className="min-w-0 truncate text-fg-3">{parentOf(path).replaceAll('/', ' / ')} /</span>}
        <span className="shrink-0 truncate font-label text-fg">{nameOf(path)}</span>
      </h2>
      <span className="flex-1" />
      {following}
      {shown.length > 1 && (
        <Segmented label={t('viewAs')} value={mode} options={shown.map((value) => ({ value, label: names[value] }))} onChange={onMode} />
      )}
      {diff && (
        <IconButton label={t('compare')} pressed={diff.on} onClick={() => diff.onDiff(!diff.on)}>
          <Diff size={15} />
        </IconButton>
      )}
      <Menu
        trigger={
          <IconButton label={t('fileMenu')}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        {menu}
      </Menu>
    </header>
  )
}
