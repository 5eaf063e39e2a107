import { FileText } from 'lucide-react'
import { Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { AgentId, ProjectId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { readSandbox } from '#shared/projects/doc.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useDocValue } from '../sync/use-document.ts'
import { useMedia } from '../ui/use-media.ts'
import type { Present } from '../sync/use-presence.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { AgentMark } from '../ui/marks.tsx'
import { FilesLayout } from './files-layout.tsx'
import type { FileLook } from './file-kind.ts'
import { FollowButton } from './follow-button.tsx'
import { FilesRoomContext, type FilesRoom, type Reveal } from './room-context.ts'
import { TreeColumn } from './tree-column.tsx'
import { foldersAbove, nameOf, parentOf } from './tree-model.ts'
import { useFreshChanges } from './use-changes.ts'
import { useEditing } from './use-editing.ts'
import { useFollowable } from './use-followable.ts'
import { useTree, type Tree } from './use-tree.ts'
import type { TreeAsk } from './use-tree-edits.ts'

const SandboxBar = lazy(async () => ({ default: (await import('./sandbox-bar.tsx')).SandboxBar }))
const HeldUnmergedEdits = lazy(() => import('./held-unmerged-edits.tsx'))
const FileView = lazy(async () => ({ default: (await import('./file-view.tsx')).FileView }))

/** One that runs as it should says nothing; of one that sleeps, waits or failed the room's banner tells. */
const isQuiet = ({ status, isolation }: SandboxState) =>
  !['starting', 'stopped', 'off'].includes(status) && isolation !== 'none' && isolation !== 'unavailable'

const metaMap = (doc: Y.Doc) => doc.getMap('meta')

type Props = {
  projectId: ProjectId
  doc: Y.Doc
  ready: boolean
  role: Role
  awareness: Awareness | null
  selfId: UserId
  present: readonly Present[]
  following: UserId | AgentId | null
  /** The agent whose following is offered over the workspace already. */
  offers: AgentId | undefined
  onFollow(id: UserId | AgentId | null): void
  file: FilePath | undefined
  onFile(path: FilePath | undefined): void
  reveal: Reveal | undefined
  look: FileLook | undefined
  onLook(look: FileLook | undefined): void
  onSearch(): void
  /** People at a file, shown at its row. */
  marksOf(path: string): ReactNode
  /** One pane at a time: the tree, or the file. */
  narrow: boolean
}

/** The files of the sandbox: the tree, live, and one of them, written by everybody together. */
export function FilesPane(props: Props) {
  const { projectId, doc, ready, role, file, onSearch, marksOf, narrow } = props
  const { t } = useTranslation('files')
  const tree = useTree(projectId, doc, ready)
  const sandbox = useDocValue(doc, readSandbox, metaMap)
  const editing = useEditing(doc)
  const wide = useMedia('(min-width: 1240px)')
  const held = useUnmergedEdits().all.some((edit) => edit.held)
  const [drawer, setDrawer] = useState(false)
  const [ask, setAsk] = useState<TreeAsk>()
  useFreshChanges(projectId, doc)
  useExpandedTo(file, ready, tree)
  const room = useRoomValue(props, setDrawer)
  const followable = useFollowable({ ...props, editing })

  const entry = file ? tree.known.get(parentOf(file))?.entries.find((one) => one.name === nameOf(file)) : undefined
  const beside = !narrow && wide
  const allMarks = (path: string) => (
    <span className="inline-flex shrink-0 items-center -space-x-0.5">
      {marksOf(path)}
      {editing
        .filter((one) => one.path === path)
        .map((one) => (
          <AgentMark key={one.agentId} id={one.agentId} size="tiny" />
        ))}
    </span>
  )
  const askFor = (kind: TreeAsk['kind']) => {
    // A name is given at its row.
    if (kind === 'rename' && !beside && !narrow) setDrawer(true)
    setAsk({ kind })
  }
  const column = (
    <TreeColumn
      tree={tree}
      ready={ready}
      sandbox={sandbox}
      selected={file}
      marksOf={allMarks}
      onSearch={onSearch}
      ask={ask}
      onAsked={() => setAsk(undefined)}
    />
  )
  return (
    <FilesRoomContext value={room}>
      <div data-files className="flex h-full min-h-0 flex-col">
        <Suspense>{held && <HeldUnmergedEdits />}</Suspense>
        <FilesLayout
          narrow={narrow}
          beside={beside}
          open={file !== undefined}
          drawer={drawer}
          onDrawerClosed={() => setDrawer(false)}
          column={column}
        >
          {file ? (
            <div className="min-w-0 flex-1">
              <Suspense fallback={<Skeleton label={t('loadingFile')} lines={4} />}>
                <FileView
                  key={file}
                  path={file}
                  entry={entry}
                  following={followable && <FollowButton who={followable} on={followable.on} onToggle={followable.toggle} />}
                  onTree={beside || narrow ? undefined : () => setDrawer(true)}
                  onRename={() => askFor('rename')}
                  onMove={() => askFor('move')}
                  onDelete={() => askFor('delete')}
                />
              </Suspense>
            </div>
          ) : (
            beside && <Empty className="min-w-0 flex-1" icon={<FileText />} title={t('noFileOpen')} text={t('noFileOpenText')} />
          )}
        </FilesLayout>
        <Suspense>
          {sandbox && !isQuiet(sandbox) && <SandboxBar projectId={projectId} state={sandbox} mayControl={can(role, 'sandbox.control')} />}
        </Suspense>
      </div>
    </FilesRoomContext>
  )
}

/** Shows in the tree where a file is that somebody was led to, once. */
function useExpandedTo(file: FilePath | undefined, ready: boolean, { known, expand }: Tree): void {
  const led = useRef<string>(undefined)
  useEffect(() => {
    if (!file || !ready || led.current === file) return
    led.current = file
    for (const folder of foldersAbove(file)) if (!known.has(folder)) expand(folder, true)
  }, [file, ready, known, expand])
}

/** What the parts of the files are given; the same object until something of it changes. */
function useRoomValue(props: Props, setDrawer: (open: boolean) => void): FilesRoom {
  const { projectId, doc: project, awareness, selfId, role, narrow, following, reveal, look } = props
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  return useMemo(
    () => ({
      projectId,
      project,
      awareness,
      selfId,
      mayWrite: can(role, 'file.write'),
      narrow,
      following,
      reveal,
      open: (path) => {
        setDrawer(false)
        latest.current.onFile(path)
      },
      look,
      onLook: (next) => latest.current.onLook(next),
    }),
    [projectId, project, awareness, selfId, role, narrow, following, reveal, look, setDrawer],
  )
}
