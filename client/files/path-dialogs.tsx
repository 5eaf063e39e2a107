import { useMemo, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { mayMove } from '#shared/files/may-move.ts'
import { FilePath } from '#shared/files/path.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { joined, nameOf } from './tree-model.ts'
import type { Tree } from './use-tree.ts'
import type { TreeEdits } from './use-tree-edits.ts'

/** What was asked of an entry: whether it is to be deleted, or where it is to be moved. */
export default function PathDialog({ edits, tree }: { edits: TreeEdits; tree: Tree }) {
  const { asked, stopAsking, isFolder, move, remove } = edits
  const folders = useMemo(
    () => [...tree.known.values()].flatMap((one) => one.entries.filter(({ type }) => type === 'folder').map(({ name }) => joined(one.path, name))),
    [tree.known],
  )
  if (!asked) return null
  const { path } = asked
  if (asked.kind === 'delete') return <DeleteDialog path={path} folder={isFolder(path)} onClose={stopAsking} onDelete={() => remove(path)} />
  return <MoveDialog path={path} folders={folders} onClose={stopAsking} onMove={(to) => move(path, to)} />
}

type DeleteProps = { path: FilePath; folder: boolean; onClose(): void; onDelete(): Promise<boolean> }

/** Deleting is asked once, with the name of what goes. */
function DeleteDialog({ path, folder, onClose, onDelete }: DeleteProps) {
  const { t } = useTranslation('files')
  const { t: common } = useTranslation()
  const [busy, setBusy] = useState(false)
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('deleteTitle', { name: nameOf(path) })}
      description={folder ? t('deleteFolderText') : t('deleteFileText')}
    >
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button
          look="destructive"
          busy={busy}
          onClick={() => {
            setBusy(true)
            void onDelete().then((done) => (done ? onClose() : setBusy(false)))
          }}
        >
          {t('delete')}
        </Button>
      </div>
    </Dialog>
  )
}

type MoveProps = { path: FilePath; folders: readonly string[]; onClose(): void; onMove(to: FilePath): Promise<boolean> }

/** Moving by keyboard: the whole new path, with the known folders at hand. */
function MoveDialog({ path, folders, onClose, onMove }: MoveProps) {
  const { t } = useTranslation('files')
  const { t: common } = useTranslation()
  const [to, setTo] = useState<string>(path)
  const [busy, setBusy] = useState(false)
  // Blanks at the ends are part of a name that it has.
  const parsed = FilePath.safeParse((nameOf(to) === nameOf(path) ? to : to.trim()).replace(/^\/+/, ''))
  const wanted = parsed.data !== undefined && mayMove(path, parsed.data) ? parsed.data : undefined
  return (
    <Dialog open onOpenChange={onClose} title={t('moveTitle', { name: nameOf(path) })} description={t('moveText')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted === undefined || wanted === path) return
          setBusy(true)
          void onMove(wanted).then((done) => (done ? onClose() : setBusy(false)))
        }}
      >
        <TextField
          label={t('newPath')}
          value={to}
          autoFocus
          spellCheck={false}
          autoComplete="off"
          list="known-folders"
          error={wanted === undefined ? t('plainPath') : undefined}
          onChange={(event) => setTo(event.target.value)}
        />
        <datalist id="known-folders">
          {folders.map((folder) => (
            <option key={folder} value={`${folder}/${nameOf(path)}`}>
              {folder}
            </option>
          ))}
        </datalist>
        <div className="mt-4 flex justify-end gap-2">
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" type="submit" busy={busy} disabled={wanted === undefined || wanted === path}>
            {t('move')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
