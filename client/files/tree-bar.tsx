import { CopyMinus, FilePlus2, FolderPlus, FolderUp, Plus, Search, Upload } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import type { TreeEdits } from './use-tree-edits.ts'
import type { Uploads } from './use-uploads.ts'

type Props = {
  mayWrite: boolean
  /** What new entries are put beside. */
  here: string
  edits: TreeEdits
  uploads: Uploads
  onSearch(): void
  onCollapse(): void
}

/** Below the tree: what is added to it, the search, and all folders closed at once. */
export function TreeBar({ mayWrite, here, edits, uploads, onSearch, onCollapse }: Props) {
  const { t } = useTranslation('files')
  return (
    <div className="flex shrink-0 items-center gap-0.5 px-1.5 py-1">
      {mayWrite && (
        <Menu
          align="start"
          trigger={
            <button
              type="button"
              className="flex h-(--h-control) items-center gap-1.5 rounded-md px-1.5 text-ui text-fg-2 hover:bg-hover hover:text-fg"
            >
              <Plus size={14} aria-hidden />
              {t('add')}
            </button>
          }
        >
          <MenuItem icon={<FilePlus2 size={15} />} onSelect={() => edits.startNew('file', here)}>
            {t('newFile')}
          </MenuItem>
          <MenuItem icon={<FolderPlus size={15} />} onSelect={() => edits.startNew('folder', here)}>
            {t('newFolder')}
          </MenuItem>
          <MenuLine />
          <MenuItem icon={<Upload size={15} />} onSelect={() => uploads.pick('files', '')}>
            {t('uploadFiles')}
          </MenuItem>
          <MenuItem icon={<FolderUp size={15} />} onSelect={() => uploads.pick('folder', '')}>
            {t('uploadFolder')}
          </MenuItem>
        </Menu>
      )}
      <span className="flex-1" />
      <IconButton label={t('searchInFiles')} onClick={onSearch}>
        <Search size={14} aria-hidden />
      </IconButton>
      <IconButton label={t('collapseAll')} onClick={onCollapse}>
        <CopyMinus size={14} aria-hidden />
      </IconButton>
    </div>
  )
}
