import type { FilePath } from '#shared/files/path.ts'
import { useCommands } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useFilesRoom } from './room-context.ts'
import { nameOf } from './tree-model.ts'
import { download } from './use-file-actions.ts'
import type { Tree } from './use-tree.ts'
import type { TreeEdits } from './use-tree-edits.ts'
import type { Uploads } from './use-uploads.ts'

/** What the palette and the keys do to the tree, and to the open file in it. */
export function useTreeCommands(tree: Tree, selected: FilePath | undefined, edits: TreeEdits, uploads: Uploads): void {
  const { t } = useTranslation('files')
  const { projectId, mayWrite } = useFilesRoom()
  const here = selected ?? ''
  useCommands([
    { id: 'files.collapse', label: t('collapseAll'), group: 'files', run: tree.collapseAll },
    { id: 'files.downloadAll', label: t('downloadAll'), group: 'files', run: () => download(projectId, '') },
    ...(mayWrite
      ? ([
          { id: 'files.newFile', label: t('newFile'), group: 'files', run: () => edits.startNew('file', here) },
          { id: 'files.newFolder', label: t('newFolder'), group: 'files', run: () => edits.startNew('folder', here) },
          { id: 'files.upload', label: t('uploadFiles'), group: 'files', run: () => uploads.pick('files', '') },
          { id: 'files.uploadFolder', label: t('uploadFolder'), group: 'files', run: () => uploads.pick('folder', '') },
        ] as const)
      : []),
    ...(mayWrite && selected
      ? ([
          {
            id: 'files.rename',
            label: t('renameNamed', { name: nameOf(selected) }),
            group: 'files',
            keys: ['f2'],
            run: () => edits.rename(selected),
          },
          { id: 'files.move', label: t('moveNamed', { name: nameOf(selected) }), group: 'files', run: () => edits.ask('move', selected) },
          { id: 'files.delete', label: t('deleteNamed', { name: nameOf(selected) }), group: 'files', run: () => edits.ask('delete', selected) },
        ] as const)
      : []),
  ])
}
