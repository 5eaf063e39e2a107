import { useEffect, useState, type ReactNode } from 'react'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { useStored } from '../offline/stored.ts'
import type { EditorHandle } from '../editor/handle.ts'
import { ConflictBanner } from './conflict-banner.tsx'
import { FileBar } from './file-bar.tsx'
import { FileBody } from './file-body.tsx'
import { FileMenu } from './file-menu.tsx'
import { useFilesRoom } from './room-context.ts'
import { StateBanner } from './state-banner.tsx'
import { useChanges } from './use-changes.ts'
import { useFileCommands } from './use-file-commands.ts'
import { useFileMode } from './use-file-mode.ts'
import { useFileText } from './use-file-text.ts'

type Props = {
  path: FilePath
  entry: FileEntry | undefined
  following: ReactNode
  onTree: (() => void) | undefined
  onRename(): void
  onMove(): void
  onDelete(): void
}

/** One file: its line of controls, what is to be said about it, and the file itself. */
export function FileView({ path, entry, following, onTree, onRename, onMove, onDelete }: Props) {
  const { projectId, mayWrite, narrow } = useFilesRoom()
  const change = useChanges(projectId).byPath.get(path)
  const { kind, modes, mode, setMode, comparing, setComparing } = useFileMode(path, entry?.size, change !== undefined)
  const text = useFileText(path, kind, mode, modes.includes('source'))
  const [wrapStored, storeWrap] = useStored('editor:wrap')
  const wrap = (wrapStored ?? (kind === 'markdown' || narrow ? 'yes' : 'no')) === 'yes'
  const [authors, setAuthors] = useState(false)
  const [handle, setHandle] = useState<EditorHandle | null>(null)
  const goToLine = useGoToLine(handle)

  const editable = mayWrite && text.shared.access === 'write'
  const mayDiff = change !== undefined && text.open
  const commands = {
    handle,
    editable,
    toggleWrap: () => storeWrap(wrap ? 'no' : 'yes'),
    showAuthors: () => setAuthors(true),
    toggleDiff: mayDiff ? () => setComparing(!comparing) : undefined,
  }
  useFileCommands(path, commands, modes, setMode)
  const showInSource = (line: number) => {
    setComparing(false)
    setMode('source')
    goToLine(line)
  }
  return (
    <section aria-label={path} className="flex h-full min-w-0 flex-col">
      <FileBar
        path={path}
        modes={modes}
        mode={mode}
        onMode={setMode}
        diff={mayDiff && !narrow ? { on: comparing, onDiff: setComparing } : undefined}
        following={following}
        onTree={onTree}
        menu={<FileMenu path={path} wrap={wrap} commands={commands} onRename={onRename} onMove={onMove} onDelete={onDelete} />}
      />
      {text.written && !text.never && <StateBanner state={text.state} />}
      {text.written && (!text.open || text.shared.status === 'ready') && (
        <ConflictBanner path={path} doc={text.open ? text.shared.doc : undefined} onShow={handle ? (line) => handle.goTo(line) : showInSource} />
      )}
      <div className="min-h-0 flex-1">
        <FileBody
          path={path}
          entry={entry}
          kind={kind}
          mode={mode}
          comparing={comparing && mayDiff}
          text={text}
          readOnly={!editable}
          wrap={wrap}
          onHandle={setHandle}
          authors={authors}
          onAuthorsClosed={() => setAuthors(false)}
        />
      </div>
    </section>
  )
}

/** Goes to a line as soon as there is an editor. */
function useGoToLine(handle: EditorHandle | null): (line: number) => void {
  const [awaited, setAwaited] = useState<number>()
  useEffect(() => {
    if (!handle || awaited === undefined) return
    handle.goTo(awaited)
    setAwaited(undefined)
  }, [handle, awaited])
  return setAwaited
}
