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
import { useCommands } from '../commands/commands.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useStored } from '../offline/stored.ts'
import { useDocValue } from '../sync/use-document.ts'
import { useMedia } from '../ui/use-media.ts'
import type { Present } from '../sync/use-presence.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { AgentMark } from '../ui/marks.tsx'
import { Splitter } from '../ui/splitter.tsx'
import type { FileLook } from './file-kind.ts'
import { FollowButton, type Followable } from './follow-button.tsx'
import { FilesRoomContext, type FilesRoom, type Reveal } from './room-context.ts'
import { TreeColumn } from './tree-column.tsx'
import { foldersAbove, nameOf, parentOf } from './tree-model.ts'
import { useFreshChanges } from './use-changes.ts'
import { useEditing } from './use-editing.ts'
import { useTree } from './use-tree.ts'
import type { TreeAsk } from './use-tree-edits.ts'

const SandboxBar = lazy(async () => ({ default: (await import('./sandbox-bar.tsx')).SandboxBar }))
const HeldUnmergedEdits = lazy(() => import('./held-unmerged-edits.tsx'))
const FileView = lazy(async () => ({ default: (await import('./file-view.tsx')).FileView }))

/** One that runs as it should says nothing; of one that sleeps, waits or failed the room's banner tells. */
const isQuiet = ({ status, isolation }: SandboxState) =>
  !['starting', 'stopped', 'off'].includes(status) && isolation !== 'none' && isolation !== 'unavailable'

const metaMap = (doc: Y.Doc) => doc.getMap('meta')
const treeWidth = { normal: 176, min: 140, max: 420 }

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
export function FilesPane({
  projectId,
  doc,
  ready,
  role,
  awareness,
  selfId,
  present,
  following,
  offers,
  onFollow,
  file,
  onFile,
  reveal,
  look,
  onLook,
  onSearch,
  marksOf,
  narrow,
}: Props) {
  const { t } = useTranslation('files')
  const tree = useTree(projectId, doc, ready)
  const sandbox = useDocValue(doc, readSandbox, metaMap)
  const editing = useEditing(doc)
  const wide = useMedia('(min-width: 1240px)')
  const held = useUnmergedEdits().all.some((edit) => edit.held)
  const [drawer, setDrawer] = useState(false)
  const [ask, setAsk] = useState<TreeAsk>()
  const [stored, storeWidth] = useStored('tree:width')
  const width = Math.max(treeWidth.min, Math.min(treeWidth.max, Number(stored) || treeWidth.normal))
  useFreshChanges(projectId, doc)

  const columnRef = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (drawer) columnRef.current?.querySelector<HTMLElement>('[role="tree"]')?.focus()
  }, [drawer])

  const { known, expand } = tree
  const led = useRef<string>(undefined)
  useEffect(() => {
    // Somebody was led here: show where the file is, once.
    if (!file || !ready || led.current === file) return
    led.current = file
    for (const folder of foldersAbove(file)) if (!known.has(folder)) expand(folder, true)
  }, [file, ready, known, expand])

  const latest = useRef({ onFile, onLook })
  useEffect(() => {
    latest.current = { onFile, onLook }
  })
  const room = useMemo<FilesRoom>(
    () => ({
      projectId,
      project: doc,
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
    [projectId, doc, awareness, selfId, role, narrow, following, reveal, look],
  )

  const followable = useMemo((): (Followable & { on: boolean; toggle(): void }) | undefined => {
    const followed = present.find((person) => person.user.id === following)
    if (followed) return { kind: 'person', id: followed.user.id, name: followed.user.name, on: true, toggle: () => onFollow(null) }
    const busy = editing.find((one) => one.agentId === following) ?? editing.find((one) => one.path === file) ?? editing[0]
    if (busy && busy.agentId !== offers) {
      const on = following === busy.agentId
      return { kind: 'agent', id: busy.agentId, name: busy.name, on, toggle: () => onFollow(on ? null : busy.agentId) }
    }
    return undefined
  }, [present, following, offers, onFollow, editing, file])
  useCommands(
    followable
      ? [
          {
            id: 'files.follow',
            label: followable.on ? t('stopFollowing', { name: followable.name }) : t('follow', { name: followable.name }),
            group: 'files',
            keys: ['f'],
            run: followable.toggle,
          },
        ]
      : [],
  )

  const entry = file ? known.get(parentOf(file))?.entries.find((one) => one.name === nameOf(file)) : undefined
  const beside = !narrow && wide
  const allMarks = (path: string) => {
    const agents = editing.filter((one) => one.path === path)
    return (
      <span className="inline-flex shrink-0 items-center -space-x-0.5">
        {marksOf(path)}
        {agents.map((one) => (
          <AgentMark key={one.agentId} id={one.agentId} size="tiny" />
        ))}
      </span>
    )
  }
  const showTree = narrow ? !file : beside || drawer || !file
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
  const askFor = (kind: TreeAsk['kind']) => {
    // A name is given at its row.
    if (kind === 'rename' && !beside && !narrow) setDrawer(true)
    setAsk({ kind })
  }
  return (
    <FilesRoomContext value={room}>
      <div data-files className="flex h-full min-h-0 flex-col">
        <Suspense>{held && <HeldUnmergedEdits />}</Suspense>
        <div className="relative flex min-h-0 flex-1">
          {/* The column stays mounted where it is out of sight: what was asked of it in a menu goes on there. */}
          <div
            ref={columnRef}
            hidden={!showTree}
            className={
              narrow || (!beside && !file)
                ? 'min-w-0 flex-1'
                : beside
                  ? 'shrink-0'
                  : 'absolute inset-y-0 left-0 z-20 w-[264px] border-r border-line bg-surface shadow-pop'
            }
            style={beside ? { width } : undefined}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || !drawer || event.defaultPrevented) return
              event.preventDefault()
              setDrawer(false)
            }}
            role="presentation"
          >
            {column}
          </div>
          {beside && (
            <Splitter label={t('treeWidth')} width={width} min={treeWidth.min} max={treeWidth.max} onChange={(next) => storeWidth(String(next))} />
          )}
          {drawer && !beside && !narrow && file && (
            <button
              type="button"
              aria-label={t('closeTree')}
              tabIndex={-1}
              className="fade absolute inset-0 z-10 bg-scrim"
              onClick={() => setDrawer(false)}
            />
          )}
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
        </div>
        <Suspense>
          {sandbox && !isQuiet(sandbox) && <SandboxBar projectId={projectId} state={sandbox} mayControl={can(role, 'sandbox.control')} />}
        </Suspense>
      </div>
    </FilesRoomContext>
  )
}
