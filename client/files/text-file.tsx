import { useQuery } from '@tanstack/react-query'
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { fileCalls } from '#shared/files/api.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { useHues } from '../theme/hues.tsx'
import { queryOf } from '../api/query.ts'
import type { EditorHandle } from '../editor/handle.ts'
import SharedEditor from '../editor/shared-editor.tsx'
import { createCursorSource } from './cursor-source.ts'
import { createSelectionPublisher } from './publish-selection.ts'
import { RenderedText } from './rendered-text.tsx'
import { useFilesRoom } from './room-context.ts'
import { useChanges } from './use-changes.ts'
import { createWrittenSource } from './written-source.ts'

const AuthorsDialog = lazy(() => import('./authors-dialog.tsx'))

type Props = {
  doc: Y.Doc
  path: FilePath
  readOnly: boolean
  wrap: boolean
  /** Markdown may stand rendered beside its source. */
  beside: boolean
  onHandle(handle: EditorHandle | null): void
  /** Shows who wrote how much of it. */
  authors: boolean
  onAuthorsClosed(): void
}

/** A text file in its editor, with everybody in it. */
export default function TextFile({ doc, path, readOnly, wrap, beside, onHandle, authors, onAuthorsClosed }: Props) {
  const { t } = useTranslation('files')
  const { projectId, project, awareness, selfId, following, reveal } = useFilesRoom()
  const text = useMemo(() => fileText(doc), [doc])
  const colourOf = useHues()
  const handle = useRef<EditorHandle>(null)
  const [opened, setOpened] = useState(false)

  const cursors = useMemo(
    () => createCursorSource({ awareness, project, text, path, selfId, colourOf }),
    [awareness, project, text, path, selfId, colourOf],
  )
  const publisher = useMemo(() => createSelectionPublisher(awareness, text, path), [awareness, text, path])
  useEffect(() => () => publisher.stop(), [publisher])

  const { refetch, data: known } = useQuery({ ...queryOf(fileCalls.fileAuthors, { params: { id: projectId }, query: { path } }), staleTime: 1000 })
  const source = useMemo(
    () =>
      createWrittenSource(text, { command: (agent) => t('wroteCommand', { agent }), sandbox: t('wroteSandbox'), own: t('wroteYou') }, () => {
        void refetch()
      }),
    [text, t, refetch],
  )
  useEffect(() => () => source.stop(), [source])
  useEffect(() => source.setAuthors(known?.authors ?? [], known?.times), [source, known])
  const { baseline } = useChanges(projectId)
  useEffect(() => source.setRun(baseline?.runId), [source, baseline])

  // The view goes with whom one follows; the caret stays.
  useEffect(() => {
    if (!following || !opened) return
    const follow = () => {
      const head = cursors.get().find((one) => one.id === following)?.head
      if (head !== undefined) handle.current?.show(head)
    }
    follow()
    return cursors.subscribe(follow)
  }, [cursors, following, opened])

  const shown = useRef(0)
  useEffect(() => {
    if (!opened || !reveal || reveal.path !== path || shown.current === reveal.n) return
    shown.current = reveal.n
    handle.current?.goTo(reveal.line, reveal.column)
  }, [opened, reveal, path])

  const keep = useCallback(
    (next: EditorHandle | null) => {
      handle.current = next
      setOpened(next !== null)
      onHandle(next)
    },
    [onHandle],
  )

  const editor = (
    <SharedEditor
      text={text}
      path={path}
      readOnly={readOnly}
      wrap={wrap}
      cursors={cursors}
      written={source.written}
      onSelection={publisher.select}
      onHandle={keep}
    />
  )
  const dialog = authors && (
    <Suspense>
      <AuthorsDialog path={path} written={source.written.get()} length={text.length} onClose={onAuthorsClosed} />
    </Suspense>
  )
  if (!beside)
    return (
      <>
        {editor}
        {dialog}
      </>
    )
  return (
    <div className="flex h-full min-h-0">
      <div className="min-w-0 flex-1 border-r border-line">{editor}</div>
      <RenderedText text={text} />
      {dialog}
    </div>
  )
}
