import type { FilePath } from '#shared/files/path.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { EditorHandle } from '../editor/handle.ts'
import type { FileMode } from './file-kind.ts'
import { useFilesRoom } from './room-context.ts'
import { nameOf } from './tree-model.ts'
import { copyText, download } from './use-file-actions.ts'

/** Keys that other panes have too belong to the file only while one is in the files; the palette may always. */
const isHere = () => Boolean(document.activeElement?.closest('[data-files], [role="dialog"]'))

/** What the open file lets one do besides what everybody may. */
export type FileCommands = {
  /** The editor, once there is one. */
  handle: EditorHandle | null
  editable: boolean
  toggleWrap(): void
  showAuthors(): void
  /** Undefined where there is nothing to compare with. */
  toggleDiff: (() => void) | undefined
}

/** What the palette and the keys do with the open file. */
export function useFileCommands(
  path: FilePath,
  { handle, editable, toggleWrap, showAuthors, toggleDiff }: FileCommands,
  modes: readonly FileMode[],
  setMode: (mode: FileMode) => void,
): void {
  const { t } = useTranslation('files')
  const { projectId, open } = useFilesRoom()
  const commands: Command[] = [
    { id: 'file.copyPath', label: t('copyPathOf', { name: nameOf(path) }), group: 'files', run: () => void copyText(path, t('pathCopied')) },
    { id: 'file.copyLink', label: t('copyLinkOf', { name: nameOf(path) }), group: 'files', run: () => copyLink(t('linkCopied')) },
    { id: 'file.download', label: t('downloadNamed', { name: nameOf(path) }), group: 'files', run: () => download(projectId, path) },
    { id: 'file.close', label: t('closeFile'), group: 'files', run: () => open(undefined) },
    ...(handle
      ? ([
          { id: 'file.find', label: t('findInFile'), group: 'files', keys: ['mod+f'], run: () => (isHere() ? handle.openSearch() : false) },
          { id: 'file.goToLine', label: t('goToLine'), group: 'files', keys: ['mod+alt+g'], run: () => (isHere() ? handle.openGoToLine() : false) },
          { id: 'file.authors', label: t('authors'), group: 'files', run: showAuthors },
          { id: 'file.wrap', label: t('wrapLines'), group: 'files', keys: ['alt+z'], run: toggleWrap },
        ] as const)
      : []),
    ...(handle && editable
      ? ([
          { id: 'file.undo', label: t('undo'), group: 'files', keysOnly: true, keys: ['mod+z'], run: () => (isHere() ? handle.undo() : false) },
          { id: 'file.redo', label: t('redo'), group: 'files', keysOnly: true, keys: ['mod+shift+z'], run: () => (isHere() ? handle.redo() : false) },
        ] as const)
      : []),
    ...(toggleDiff ? ([{ id: 'file.compare', label: t('compare'), group: 'files', run: toggleDiff }] as const) : []),
    ...modes.map((one): Command => ({ id: `file.as.${one}`, label: t(`show.${one}`), group: 'files', run: () => setMode(one) })),
  ]
  useCommands(commands.filter(({ id }) => modes.length > 1 || !id.startsWith('file.as.')))
}

export const copyLink = (said: string) => void copyText(window.location.href, said)
