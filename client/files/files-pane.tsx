import { FileText, FolderTree, PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { readSandbox } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { useStored } from '../base/stored.ts'
import { useDocValue } from '../base/use-document.ts'
import { IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { FileTree } from './file-tree.tsx'
import { FileViewer } from './file-viewer.tsx'
import { SandboxBar } from './sandbox-bar.tsx'
import { foldersAbove, nameOf, parentOf } from './tree-model.ts'
import { useTree } from './use-tree.ts'

const metaMap = (doc: Y.Doc) => doc.getMap('meta')

type Props = {
  projectId: ProjectId
  doc: Y.Doc
  ready: boolean
  role: Role
  file: FilePath | undefined
  onFile(path: FilePath | undefined): void
  marksOf(path: string): ReactNode
  /** One pane at a time: the tree, or the file. */
  narrow: boolean
}

/** The files of the sandbox: the tree, live, and one of them. */
export function FilesPane({ projectId, doc, ready, role, file, onFile, marksOf, narrow }: Props) {
  const { lines, known, expand } = useTree(projectId, doc, ready)
  const sandbox = useDocValue(doc, readSandbox, metaMap)
  const [hidden, setHidden] = useStored('tree:hidden')
  const entry = file ? known.get(parentOf(file))?.entries.find((one) => one.name === nameOf(file)) : undefined

  const led = useRef<string>(undefined)
  useEffect(() => {
    // Somebody was led here: show where the file is, once.
    if (!file || !ready || led.current === file) return
    led.current = file
    for (const folder of foldersAbove(file)) if (!known.has(folder)) expand(folder, true)
  }, [file, ready, known, expand])

  const beside = !narrow && (file !== undefined || lines.length > 0)
  const showTree = narrow ? !file : hidden !== 'yes' || !file
  const tree =
    lines.length > 0 ? (
      <FileTree
        lines={lines}
        selected={file}
        onOpen={(path) => {
          const parsed = FilePath.safeParse(path)
          if (parsed.success) onFile(parsed.data)
        }}
        onExpand={expand}
        marksOf={marksOf}
      />
    ) : ready && (known.has('') || sandbox?.status !== 'starting') ? (
      <Empty className="h-full" icon={<FolderTree />} title="No files yet" text="What the agent or you write in the sandbox shows here." />
    ) : (
      <Skeleton label="Loading files" />
    )

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-0 flex-1">
        {showTree && <div className={beside ? 'w-[216px] shrink-0 border-r border-line' : 'min-w-0 flex-1'}>{tree}</div>}
        {beside && !file && (
          <Empty className="min-w-0 flex-1" icon={<FileText />} title="No file is open" text="Choose one to read it as it is in the sandbox now." />
        )}
        {file && (
          <div className="relative min-w-0 flex-1">
            <FileViewer
              projectId={projectId}
              path={file}
              entry={entry}
              onClose={() => onFile(undefined)}
              marks={
                <>
                  {marksOf(file)}
                  {!narrow && (
                    <IconButton
                      label={hidden === 'yes' ? 'Show the tree' : 'Hide the tree'}
                      onClick={() => setHidden(hidden === 'yes' ? null : 'yes')}
                    >
                      {hidden === 'yes' ? <PanelLeftOpen size={15} /> : <PanelLeftClose size={15} />}
                    </IconButton>
                  )}
                </>
              }
            />
          </div>
        )}
      </div>
      <SandboxBar projectId={projectId} state={sandbox} mayControl={can(role, 'sandbox.control')} />
    </div>
  )
}
