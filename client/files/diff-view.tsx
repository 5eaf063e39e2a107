import { useQuery } from '@tanstack/react-query'
import { CircleAlert, FileCheck2, FileQuestion } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { VList } from 'virtua'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { call } from '../api/api.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { numberedDiff, type NumberedLine } from './numbered-diff.ts'
import { useFilesRoom } from './room-context.ts'

/** A file as it was before the latest run, beside what it is now, as lines that left and came. */
export default function DiffView({ path, entry }: { path: FilePath; entry: FileEntry | undefined }) {
  const { t } = useTranslation('files')
  const { t: common } = useTranslation()
  const { projectId } = useFilesRoom()
  const { data, error, refetch } = useQuery({
    queryKey: [fileCalls.fileDiff.name, projectId, path, entry?.modifiedAt ?? 0],
    queryFn: ({ signal }) => call(fileCalls.fileDiff, { params: { id: projectId }, query: { path }, signal }),
    placeholderData: (before) => before,
  })
  const lines = useMemo(() => (data?.before !== undefined && data.after !== undefined ? numberedDiff(data.before, data.after) : []), [data])
  if (error)
    return (
      <Empty className="h-full" icon={<CircleAlert />} title={t('notCompared')} text={describeError(error)}>
        <Button onClick={() => void refetch()}>{common('retry')}</Button>
      </Empty>
    )
  if (!data) return <Skeleton label={t('loadingFile')} lines={4} />
  if (data.status === 'same') return <Empty className="h-full" icon={<FileCheck2 />} title={t('sameTitle')} text={t('sameText')} />
  if (lines.length === 0) return <Empty className="h-full" icon={<FileQuestion />} title={t('notText')} text={t('notComparedText')} />
  return (
    <div className="h-full font-mono text-code">
      <VList role="group" aria-label={t('changesOf', { path })} tabIndex={0} className="h-full py-1.5 -outline-offset-2" data={lines}>
        {(line, i) => <Line key={i} line={line} />}
      </VList>
    </div>
  )
}

function Line({ line }: { line: NumberedLine }) {
  const { t } = useTranslation('files')
  if (line.sign === '…')
    return (
      <div className="my-1 border-y border-line bg-sunken px-4 py-0.5 font-sans text-small text-fg-3">{t('sameLines', { count: line.count })}</div>
    )
  return (
    <div className={cx('flex min-h-5', line.sign === '+' && 'bg-add', line.sign === '-' && 'bg-del')}>
      <span aria-hidden className="w-11 shrink-0 pr-2 text-right text-[11.5px] text-fg-3 select-none">
        {line.before}
      </span>
      <span aria-hidden className="w-11 shrink-0 pr-2 text-right text-[11.5px] text-fg-3 select-none">
        {line.after}
      </span>
      <span className={cx('w-5 shrink-0 text-center', line.sign === '+' ? 'text-ok' : line.sign === '-' ? 'text-danger' : 'text-fg-3')}>
        {line.sign === '-' ? '−' : line.sign}
      </span>
      <span className="min-w-0 flex-1 pr-4 break-words whitespace-pre-wrap">{line.text}</span>
    </div>
  )
}
