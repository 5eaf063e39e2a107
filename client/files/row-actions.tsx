import { Download, FilePlus2, FolderPlus, Link, Pencil, SquareArrowRight, Trash2, Upload } from 'lucide-react'
import type { ReactNode } from 'react'
import { FolderPath } from '#shared/files/path.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Key } from '../ui/badge.tsx'
import { useFilesRoom } from './room-context.ts'
import { copyText, download } from './use-file-actions.ts'
import type { TreeEdits } from './use-tree-edits.ts'
import type { Uploads } from './use-uploads.ts'

export type RowAction = { id: string; label: string; icon: ReactNode; danger?: boolean; hint?: ReactNode; run(): void } | 'line'

/** What one may do with an entry of the tree; with the tree itself where the path is empty. */
export function useRowActions(path: string, edits: TreeEdits, uploads: Uploads): RowAction[] {
  const { t } = useTranslation('files')
  const { projectId, mayWrite } = useFilesRoom()
  const { isFolder, folderOf, startNew, rename, ask } = edits
  const add: RowAction[] = [
    { id: 'new-file', label: t('newFile'), icon: <FilePlus2 size={15} />, run: () => startNew('file', path) },
    { id: 'new-folder', label: t('newFolder'), icon: <FolderPlus size={15} />, run: () => startNew('folder', path) },
    { id: 'upload', label: t('uploadFiles'), icon: <Upload size={15} />, run: () => uploads.pick('files', folderOf(path)) },
    'line',
  ]
  const change: RowAction[] = [
    { id: 'rename', label: t('rename'), icon: <Pencil size={15} />, hint: <Key>F2</Key>, run: () => rename(path) },
    { id: 'move', label: t('moveTo'), icon: <SquareArrowRight size={15} />, run: () => ask('move', path) },
  ]
  const copy: RowAction = { id: 'copy', label: t('copyPath'), icon: <Link size={15} />, run: () => void copyText(path, t('pathCopied')) }
  const save: RowAction = {
    id: 'download',
    label: path === '' ? t('downloadAll') : isFolder(path) ? t('downloadZip') : t('download'),
    icon: <Download size={15} />,
    run: () => download(projectId, FolderPath.parse(path)),
  }
  const remove: RowAction[] = ['line', { id: 'delete', label: t('delete'), icon: <Trash2 size={15} />, danger: true, run: () => ask('delete', path) }]
  return [...(mayWrite ? add : []), ...(mayWrite && path ? change : []), ...(path ? [copy] : []), save, ...(mayWrite && path ? remove : [])]
}
