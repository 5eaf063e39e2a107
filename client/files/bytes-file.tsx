import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Download, FileQuestion } from 'lucide-react'
import { Suspense } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { formatBytes } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { blobQuery } from './file-content.ts'
import { useFilesRoom } from './room-context.ts'
import { download } from './use-file-actions.ts'

const Picture = lazy(() => import('./viewers/picture.tsx'))
const Pdf = lazy(() => import('./viewers/pdf.tsx'))
const Csv = lazy(() => import('./viewers/csv.tsx'))

type Props = { path: FilePath; entry: FileEntry | undefined; as: 'picture' | 'pdf' | 'csv' }

/** A file that is looked at, not written: read as bytes, and anew when it changes. */
export function BytesFile({ path, entry, as }: Props) {
  const { t } = useTranslation('files')
  const { t: common } = useTranslation()
  const { projectId } = useFilesRoom()
  const { data: blob, error, refetch } = useQuery(blobQuery(projectId, path, entry))
  const waiting = <Skeleton label={t('loadingFile')} lines={4} />
  if (!blob && error)
    return (
      <Empty className="h-full" icon={<CircleAlert />} title={t('notOpened')} text={describeError(error)}>
        <Button onClick={() => void refetch()}>{common('retry')}</Button>
      </Empty>
    )
  if (!blob) return waiting
  return (
    <Suspense fallback={waiting}>
      {as === 'picture' ? <Picture blob={blob} path={path} /> : as === 'pdf' ? <Pdf blob={blob} path={path} /> : <Csv blob={blob} path={path} />}
    </Suspense>
  )
}

/** What cannot be shown here: how much it is, and a way to have it. */
export function NotShown({ path, size, why }: { path: FilePath; size: number | undefined; why: 'binary' | 'large' }) {
  const { t } = useTranslation('files')
  const { projectId } = useFilesRoom()
  const text = why === 'binary' ? t('notTextText') : t('tooLongText')
  return (
    <Empty
      className="h-full"
      icon={<FileQuestion />}
      title={why === 'binary' ? t('notText') : t('tooLong')}
      text={size === undefined ? text : t('withSize', { size: formatBytes(size), text })}
    >
      <Button icon={<Download size={15} />} onClick={() => download(projectId, path)}>
        {t('download')}
      </Button>
    </Empty>
  )
}
