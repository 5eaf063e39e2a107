import { FolderTree } from 'lucide-react'
import { Suspense, useMemo, useState, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { FilePath } from '#shared/files/path.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { late } from '../ui/late.ts'
import { DropZone } from './drop-zone.tsx'
import { useFilesRoom } from './room-context.ts'
import type { RowMenuPlace } from './row-menu.tsx'
import { TreeBar } from './tree-bar.tsx'
import { joined, linesOf, nameOf } from './tree-model.ts'
import { useChanges } from './use-changes.ts'
import type { Tree } from './use-tree.ts'
import { useTreeCommands } from './use-tree-commands.ts'
import { useTreeEdits, type TreeAsk } from './use-tree-edits.ts'
import { useUploads } from './use-uploads.ts'

const FileTree = late(async () => (await import('./file-tree.tsx')).FileTree)
const UploadBar = lazy(async () => ({ default: (await import('./upload-bar.tsx')).UploadBar }))
const RowMenu = lazy(() => import('./row-menu.tsx'))
const PathDialog = lazy(() => import('./path-dialogs.tsx'))

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

/** The tree with everything one can do to it. */
export function TreeColumn({ tree, ready, sandbox, selected, marksOf, onSearch, ask, onAsked }: Props) {
  const { t } = useTranslation('files')
  const { projectId, mayWrite, open } = useFilesRoom()
  const { byPath } = useChanges(projectId)
  const edits = useTreeEdits(tree, selected, ask, onAsked)
  const uploads = useUploads(projectId, tree)
  const [menu, setMenu] = useState<RowMenuPlace>()
  useTreeCommands(tree, selected, edits, uploads)

  const { naming } = edits
  const adding = naming?.kind === 'new' ? naming : undefined
  const lines = useMemo(() => linesOf(tree.known, tree.expanded, adding), [tree.known, tree.expanded, adding])
  return (
    <DropZone enabled={mayWrite} onFiles={(folder, files) => void uploads.add(folder, files)} className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1">
        {lines.length > 0 ? (
          <Suspense fallback={<Skeleton label={t('loadingFiles')} lines={4} />}>
            <FileTree
              lines={lines}
              selected={selected}
              changes={byPath}
              mayWrite={mayWrite}
              naming={naming}
              onNaming={edits.setNaming}
              onNamed={edits.onNamed}
              onOpen={(path) => {
                const parsed = FilePath.safeParse(path)
                if (parsed.success) open(parsed.data)
              }}
              onExpand={tree.expand}
              onDelete={(path) => edits.ask('delete', path)}
              onMove={(from, folder) => void edits.move(FilePath.parse(from), FilePath.parse(joined(folder, nameOf(from))))}
              onMenu={(path, x, y) => setMenu({ path, x, y })}
              marksOf={marksOf}
            />
          </Suspense>
        ) : (
          <NoLines
            known={tree.known.has('')}
            ready={ready}
            sandbox={sandbox?.status}
            onNew={mayWrite ? () => edits.startNew('file', '') : undefined}
          />
        )}
      </div>
      <Suspense>{uploads.uploader && uploads.state.status !== 'idle' && <UploadBar uploader={uploads.uploader} state={uploads.state} />}</Suspense>
      <TreeBar mayWrite={mayWrite} here={selected ?? ''} edits={edits} uploads={uploads} onSearch={onSearch} onCollapse={tree.collapseAll} />
      {(['files', 'folder'] as const).map((what) => (
        <input
          key={what}
          ref={uploads.fields[what]}
          type="file"
          hidden
          aria-label={t(what === 'files' ? 'uploadFiles' : 'uploadFolder')}
          {...(what === 'files' ? { multiple: true } : { webkitdirectory: '' })}
          onChange={(event) => uploads.onPicked(event.target)}
        />
      ))}
      <Suspense>
        {menu && (
          <RowMenu
            at={menu}
            edits={edits}
            uploads={uploads}
            onClose={() => {
              setMenu(undefined)
              if (!naming) document.querySelector<HTMLElement>('[role="tree"]')?.focus()
            }}
          />
        )}
        {edits.asked && <PathDialog edits={edits} tree={tree} />}
      </Suspense>
    </DropZone>
  )
}

type NoLinesProps = {
  /** The root has been looked at. */
  known: boolean
  ready: boolean
  sandbox: SandboxState['status'] | undefined
  onNew: (() => void) | undefined
}

/** In place of the tree while there is nothing in it, or nothing is known of it. */
function NoLines({ known, ready, sandbox, onNew }: NoLinesProps) {
  const { t } = useTranslation('files')
  if (!ready || (!known && (!sandbox || sandbox === 'starting' || sandbox === 'waiting'))) return <Skeleton label={t('loadingFiles')} lines={4} />
  // Of a sandbox that does not run, whose files nobody has seen yet.
  const unseen = known ? undefined : sandbox === 'failed' ? 'failedText' : sandbox === 'stopped' || sandbox === 'paused' ? 'asleepText' : undefined
  return (
    <Empty className="h-full" icon={<FolderTree />} title={t(unseen ? 'noFilesShown' : 'noFiles')} text={t(unseen ?? 'noFilesText')}>
      {onNew && unseen !== 'failedText' && <Button onClick={onNew}>{t('newFile')}</Button>}
    </Empty>
  )
}
