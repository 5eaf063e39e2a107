import { Copy, Diff, Download, Link, Pencil, SearchCode, SquareArrowRight, TextSearch, Trash2, UsersRound, WrapText, X } from 'lucide-react'
import type { FilePath } from '#shared/files/path.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { MenuItem, MenuLine } from '../ui/menu.tsx'
import { useFilesRoom } from './room-context.ts'
import { copyText, download } from './use-file-actions.ts'
import { copyLink, type FileCommands } from './use-file-commands.ts'

type Props = { path: FilePath; wrap: boolean; commands: FileCommands; onRename(): void; onMove(): void; onDelete(): void }

/** The menu of the open file. */
export function FileMenu({ path, wrap, commands: { handle, toggleWrap, showAuthors, toggleDiff }, onRename, onMove, onDelete }: Props) {
  const { t } = useTranslation('files')
  const { projectId, mayWrite, narrow, open } = useFilesRoom()
  return (
    <>
      {handle && (
        <>
          <MenuItem icon={<SearchCode size={15} />} onSelect={() => handle.openSearch()}>
            {t('findInFile')}
          </MenuItem>
          <MenuItem icon={<TextSearch size={15} />} onSelect={() => handle.openGoToLine()}>
            {t('goToLine')}
          </MenuItem>
          <MenuItem icon={<WrapText size={15} />} onSelect={toggleWrap}>
            {wrap ? t('unwrapLines') : t('wrapLines')}
          </MenuItem>
          <MenuItem icon={<UsersRound size={15} />} onSelect={showAuthors}>
            {t('authors')}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {narrow && toggleDiff && (
        <MenuItem icon={<Diff size={15} />} onSelect={toggleDiff}>
          {t('compare')}
        </MenuItem>
      )}
      <MenuItem icon={<Copy size={15} />} onSelect={() => void copyText(path, t('pathCopied'))}>
        {t('copyPath')}
      </MenuItem>
      <MenuItem icon={<Link size={15} />} onSelect={() => copyLink(t('linkCopied'))}>
        {t('copyLink')}
      </MenuItem>
      <MenuItem icon={<Download size={15} />} onSelect={() => download(projectId, path)}>
        {t('download')}
      </MenuItem>
      {mayWrite && (
        <>
          <MenuLine />
          <MenuItem icon={<Pencil size={15} />} onSelect={onRename}>
            {t('rename')}
          </MenuItem>
          <MenuItem icon={<SquareArrowRight size={15} />} onSelect={onMove}>
            {t('moveTo')}
          </MenuItem>
          <MenuItem icon={<Trash2 size={15} />} danger onSelect={onDelete}>
            {t('delete')}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem icon={<X size={15} />} onSelect={() => open(undefined)}>
        {t('closeFile')}
      </MenuItem>
    </>
  )
}
