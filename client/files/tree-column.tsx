import {
  CopyMinus,
  Download,
  FilePlus2,
  FolderPlus,
  FolderTree,
  FolderUp,
  Link,
  Pencil,
  Plus,
  Search,
  SquareArrowRight,
  Trash2,
  Upload as UploadIcon,
} from 'lucide-react'
import { Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { FilePath, FolderPath, NewFilePath } from '#shared/files/path.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { useCommands } from '../commands/commands.ts'
import { Key } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { late } from '../ui/late.ts'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { DropZone } from './drop-zone.tsx'
import type { Naming } from './file-tree.tsx'
import { useFilesRoom } from './room-context.ts'
import type { RowAction } from './row-menu.tsx'
import { isWithin, joined, linesOf, nameOf, parentOf } from './tree-model.ts'
import { createUploader, uploadsOfField } from './upload.ts'
import { useChanges } from './use-changes.ts'
import { copyText, download, useFileActions } from './use-file-actions.ts'
import type { Tree } from './use-tree.ts'

const FileTree = late(async () => (await import('./file-tree.tsx')).FileTree)
const UploadBar = lazy(async () => ({ default: (await import('./upload-bar.tsx')).UploadBar }))
const RowMenu = lazy(() => import('./row-menu.tsx'))
const DeleteDialog = lazy(async () => ({ default: (await import('./path-dialogs.tsx')).DeleteDialog }))
const MoveDialog = lazy(async () => ({ default: (await import('./path-dialogs.tsx')).MoveDialog }))

type Props = {
  tree: Tree
  ready: boolean
  sandbox: SandboxState | undefined
  selected: FilePath | undefined
  marksOf(path: string): ReactNode
  onSearch(): void
  /** Asked of the open file, from its own menu. */
  ask: TreeAsk | undefined
  onAsked(): void
}

export type TreeAsk = { kind: 'rename' | 'move' | 'delete' }

type Asked = { kind: 'delete' | 'move'; path: FilePath } | undefined

/** The tree with everything one can do to it. */
export function TreeColumn({ tree, ready, sandbox, selected, marksOf, onSearch, ask: asking, onAsked }: Props) {
  const { t } = useTranslation('files')
  const { projectId, mayWrite, narrow, open } = useFilesRoom()
  const actions = useFileActions(projectId)
  const { byPath } = useChanges(projectId)
  const [uploader] = useState(() => createUploader(projectId))
  const uploading = useSyncExternalStore(uploader.state.subscribe, uploader.state.get)
  const [naming, setNaming] = useState<Naming>()
  const [menu, setMenu] = useState<{ path: string; x: number; y: number }>()
  const [asked, setAsked] = useState<Asked>()
  const filesField = useRef<HTMLInputElement>(null)
  const folderField = useRef<HTMLInputElement>(null)
  const addTo = useRef<FolderPath>('')

  const adding = naming?.kind === 'new' ? naming : undefined
  const lines = useMemo(() => linesOf(tree.known, tree.expanded, adding), [tree.known, tree.expanded, adding])
  const isFolder = (path: string) =>
    path === '' || tree.known.get(parentOf(path))?.entries.find((one) => one.name === nameOf(path))?.type === 'folder'
  const folderOf = (path: string) => (isFolder(path) ? path : parentOf(path))

  const startNew = (type: 'file' | 'folder', at: string) => {
    const folder = folderOf(at)
    if (folder) tree.expand(folder, true)
    setNaming({ kind: 'new', folder, type })
  }
  const move = async (from: FilePath, to: FilePath) => {
    const done = await actions.move(from, to)
    if (done && selected && isWithin(selected, from)) open(FilePath.parse(to + selected.slice(from.length)))
    return done
  }
  const onNamed = (what: Naming, name: string) => {
    const path = NewFilePath.safeParse(joined(what.kind === 'rename' ? parentOf(what.path) : what.folder, name))
    if (!path.success) return
    if (what.kind === 'rename') void move(FilePath.parse(what.path), path.data)
    else if (what.type === 'folder') void actions.createFolder(path.data).then((done) => done && tree.expand(path.data, true))
    else void actions.createFile(path.data).then((done) => done && open(path.data))
  }
  const upload = (folder: FolderPath, uploads: Parameters<typeof uploader.add>[1]) => {
    if (folder) tree.expand(folder, true)
    void uploader.add(folder, uploads)
  }
  const pick = (field: HTMLInputElement | null, at: string) => {
    addTo.current = FolderPath.parse(folderOf(at))
    field?.click()
  }
  const ask = (kind: 'delete' | 'move', at: string) => {
    const path = FilePath.safeParse(at)
    if (path.success && mayWrite) setAsked({ kind, path: path.data })
  }

  useEffect(() => {
    if (!asking) return
    onAsked()
    if (!selected || !mayWrite) return
    if (asking.kind !== 'rename') setAsked({ kind: asking.kind, path: selected })
    else if (narrow) setAsked({ kind: 'move', path: selected })
    else setNaming({ kind: 'rename', path: selected })
  }, [asking, onAsked, selected, mayWrite, narrow])

  const here = selected ?? ''
  useCommands([
    { id: 'files.collapse', label: t('collapseAll'), group: 'files', run: tree.collapseAll },
    { id: 'files.downloadAll', label: t('downloadAll'), group: 'files', run: () => download(projectId, '') },
    ...(mayWrite
      ? ([
          { id: 'files.newFile', label: t('newFile'), group: 'files', run: () => startNew('file', here) },
          { id: 'files.newFolder', label: t('newFolder'), group: 'files', run: () => startNew('folder', here) },
          { id: 'files.upload', label: t('uploadFiles'), group: 'files', run: () => pick(filesField.current, '') },
          { id: 'files.uploadFolder', label: t('uploadFolder'), group: 'files', run: () => pick(folderField.current, '') },
        ] as const)
      : []),
    ...(mayWrite && selected
      ? ([
          {
            id: 'files.rename',
            label: t('renameNamed', { name: nameOf(selected) }),
            group: 'files',
            keys: ['f2'],
            run: () => setNaming({ kind: 'rename', path: selected }),
          },
          { id: 'files.move', label: t('moveNamed', { name: nameOf(selected) }), group: 'files', run: () => ask('move', selected) },
          { id: 'files.delete', label: t('deleteNamed', { name: nameOf(selected) }), group: 'files', run: () => ask('delete', selected) },
        ] as const)
      : []),
  ])

  const rowActions = (path: string): RowAction[] => [
    ...(mayWrite
      ? ([
          { id: 'new-file', label: t('newFile'), icon: <FilePlus2 size={15} />, run: () => startNew('file', path) },
          { id: 'new-folder', label: t('newFolder'), icon: <FolderPlus size={15} />, run: () => startNew('folder', path) },
          { id: 'upload', label: t('uploadFiles'), icon: <UploadIcon size={15} />, run: () => pick(filesField.current, path) },
          'line',
        ] as const)
      : []),
    ...(mayWrite && path
      ? ([
          { id: 'rename', label: t('rename'), icon: <Pencil size={15} />, hint: <Key>F2</Key>, run: () => setNaming({ kind: 'rename', path }) },
          { id: 'move', label: t('moveTo'), icon: <SquareArrowRight size={15} />, run: () => ask('move', path) },
        ] as const)
      : []),
    ...(path ? ([{ id: 'copy', label: t('copyPath'), icon: <Link size={15} />, run: () => void copyText(path, t('pathCopied')) }] as const) : []),
    {
      id: 'download',
      label: path === '' ? t('downloadAll') : isFolder(path) ? t('downloadZip') : t('download'),
      icon: <Download size={15} />,
      run: () => download(projectId, FolderPath.parse(path)),
    },
    ...(mayWrite && path
      ? (['line', { id: 'delete', label: t('delete'), icon: <Trash2 size={15} />, danger: true, run: () => ask('delete', path) }] as const)
      : []),
  ]

  const folders = useMemo(
    () => [...tree.known.values()].flatMap((one) => one.entries.filter(({ type }) => type === 'folder').map(({ name }) => joined(one.path, name))),
    [tree.known],
  )
  const asleep = sandbox && ['stopped', 'paused'].includes(sandbox.status)
  // Of a sandbox that does not run, whose files nobody has seen yet.
  const unseen = tree.known.has('') ? undefined : sandbox?.status === 'failed' ? 'failedText' : asleep ? 'asleepText' : undefined
  return (
    <DropZone enabled={mayWrite} onFiles={upload} className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1">
        {lines.length > 0 ? (
          <Suspense fallback={<Skeleton label={t('loadingFiles')} lines={4} />}>
            <FileTree
              lines={lines}
              selected={selected}
              changes={byPath}
              mayWrite={mayWrite}
              naming={naming}
              onNaming={setNaming}
              onNamed={onNamed}
              onOpen={(path) => {
                const parsed = FilePath.safeParse(path)
                if (parsed.success) open(parsed.data)
              }}
              onExpand={tree.expand}
              onDelete={(path) => ask('delete', path)}
              onMove={(from, folder) => void move(FilePath.parse(from), FilePath.parse(joined(folder, nameOf(from))))}
              onMenu={(path, x, y) => setMenu({ path, x, y })}
              marksOf={marksOf}
            />
          </Suspense>
        ) : ready && (tree.known.has('') || (sandbox && sandbox.status !== 'starting' && sandbox.status !== 'waiting')) ? (
          <Empty className="h-full" icon={<FolderTree />} title={t(unseen ? 'noFilesShown' : 'noFiles')} text={t(unseen ?? 'noFilesText')}>
            {mayWrite && unseen !== 'failedText' && <Button onClick={() => startNew('file', '')}>{t('newFile')}</Button>}
          </Empty>
        ) : (
          <Skeleton label={t('loadingFiles')} lines={4} />
        )}
      </div>
      <Suspense>{uploading.status !== 'idle' && <UploadBar uploader={uploader} state={uploading} />}</Suspense>
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
            <MenuItem icon={<FilePlus2 size={15} />} onSelect={() => startNew('file', here)}>
              {t('newFile')}
            </MenuItem>
            <MenuItem icon={<FolderPlus size={15} />} onSelect={() => startNew('folder', here)}>
              {t('newFolder')}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<UploadIcon size={15} />} onSelect={() => pick(filesField.current, '')}>
              {t('uploadFiles')}
            </MenuItem>
            <MenuItem icon={<FolderUp size={15} />} onSelect={() => pick(folderField.current, '')}>
              {t('uploadFolder')}
            </MenuItem>
          </Menu>
        )}
        <span className="flex-1" />
        <IconButton label={t('searchInFiles')} onClick={onSearch}>
          <Search size={14} aria-hidden />
        </IconButton>
        <IconButton label={t('collapseAll')} onClick={tree.collapseAll}>
          <CopyMinus size={14} aria-hidden />
        </IconButton>
      </div>
      <input
        ref={filesField}
        type="file"
        multiple
        hidden
        aria-label={t('uploadFiles')}
        onChange={(event) => {
          if (event.target.files?.length) upload(addTo.current, uploadsOfField(event.target.files))
          event.target.value = ''
        }}
      />
      <input
        ref={folderField}
        type="file"
        hidden
        aria-label={t('uploadFolder')}
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          if (event.target.files?.length) upload(addTo.current, uploadsOfField(event.target.files))
          event.target.value = ''
        }}
      />
      <Suspense>
        {menu && (
          <RowMenu
            at={menu}
            label={menu.path || t('tree')}
            actions={rowActions(menu.path)}
            onClose={() => {
              setMenu(undefined)
              if (!naming) document.querySelector<HTMLElement>('[role="tree"]')?.focus()
            }}
          />
        )}
        {asked?.kind === 'delete' && (
          <DeleteDialog
            path={asked.path}
            folder={isFolder(asked.path)}
            onClose={() => setAsked(undefined)}
            onDelete={async () => {
              const done = await actions.remove(asked.path)
              if (done && selected && isWithin(selected, asked.path)) open(undefined)
              return done
            }}
          />
        )}
        {asked?.kind === 'move' && (
          <MoveDialog path={asked.path} folders={folders} onClose={() => setAsked(undefined)} onMove={(to) => move(asked.path, to)} />
        )}
      </Suspense>
    </DropZone>
  )
}
