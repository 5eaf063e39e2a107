import { FileX2 } from 'lucide-react'
import { Suspense } from 'react'
import { lazy } from '../ui/lazy.ts'
import { withStrings } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import type { EditorHandle } from '../editor/handle.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { late } from '../ui/late.ts'
import { BytesFile, NotShown } from './bytes-file.tsx'
import type { FileKind, FileMode } from './file-kind.ts'
import type { FileText } from './use-file-text.ts'

const TextFile = lazy(() => import('./text-file.tsx'))
const RenderedText = lazy(async () => ({ default: (await import('./rendered-text.tsx')).RenderedText }))
const PageFile = late(async () => (await withStrings(import('./page-file.tsx'), 'preview')).default)
const LargeText = lazy(() => import('./viewers/large-text.tsx'))
const DiffView = lazy(() => import('./diff-view.tsx'))

type Props = {
  path: FilePath
  entry: FileEntry | undefined
  kind: FileKind
  mode: FileMode
  /** Compared with what it was before the latest run. */
  comparing: boolean
  text: FileText
  readOnly: boolean
  wrap: boolean
  onHandle(handle: EditorHandle | null): void
  authors: boolean
  onAuthorsClosed(): void
}

/** The file itself, as what it is and in the mode it is looked at. */
export function FileBody(props: Props) {
  const { t } = useTranslation('files')
  return (
    <Suspense fallback={<Skeleton label={t('loadingFile')} lines={4} />}>
      <Shown {...props} />
    </Suspense>
  )
}

function Shown({ path, entry, kind, mode, comparing, text: { shared, state, never }, ...editor }: Props) {
  const { t } = useTranslation('files')
  if (comparing) return <DiffView path={path} entry={entry} />
  if (kind === 'pdf') return <BytesFile path={path} entry={entry} as="pdf" />
  if (kind === 'binary') return <NotShown path={path} size={entry?.size} why="binary" />
  if (kind === 'large') return <LargeText path={path} entry={entry} />
  if (mode === 'picture') return <BytesFile path={path} entry={entry} as="picture" />
  if (mode === 'page') return <PageFile path={path} />
  if (mode === 'table') return <BytesFile path={path} entry={entry} as="csv" />
  if (shared.status === 'denied' || shared.status === 'gone')
    return <Empty className="h-full" icon={<FileX2 />} title={t('fileGone')} text={t('fileGoneText')} />
  if (shared.status === 'joining') return <Skeleton label={t('loadingFile')} lines={4} />
  if (never) return state?.status === 'not_text' ? <NotShown path={path} size={entry?.size} why="binary" /> : <LargeText path={path} entry={entry} />
  if (mode === 'rendered') return <RenderedText text={fileText(shared.doc)} />
  return <TextFile doc={shared.doc} path={path} beside={mode === 'beside'} {...editor} />
}
