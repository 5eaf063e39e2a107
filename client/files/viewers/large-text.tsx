import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Download } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { VList } from 'virtua'
import { fileCalls } from '#shared/files/api.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { callRaw } from '../../api/api.ts'
import { formatBytes } from '../../i18n/format.ts'
import { describeError } from '../../api/describe-error.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, Skeleton } from '../../ui/empty.tsx'
import { NotShown } from '../bytes-file.tsx'
import { useFilesRoom } from '../room-context.ts'
import { download } from '../use-file-actions.ts'
import { linesOfStart } from './start-of-text.ts'

/** As much of a long file as is fetched to look at, in bytes. */
const shownBytes = 512 * 1024

/** The beginning of a text that is too long to be edited together. */
export default function LargeText({ path, entry }: { path: FilePath; entry: FileEntry | undefined }) {
  const { t } = useTranslation('files')
  const { projectId } = useFilesRoom()
  const { data, error } = useQuery({
    queryKey: ['file-start', projectId, path, entry?.modifiedAt ?? 0],
    queryFn: async ({ signal }) => {
      const given = { params: { id: projectId }, query: { path }, signal }
      const response = await callRaw(fileCalls.downloadFile, given, { headers: { range: `bytes=0-${shownBytes - 1}` } })
      return new Uint8Array(await response.arrayBuffer())
    },
    staleTime: Infinity,
  })
  const lines = useMemo(() => data && linesOfStart(data.subarray(0, shownBytes)), [data])
  if (error) return <Empty className="h-full" icon={<CircleAlert />} title={t('notOpened')} text={describeError(error)} />
  if (!data) return <Skeleton label={t('loadingFile')} lines={4} />
  if (!lines) return <NotShown path={path} size={entry?.size} why="binary" />
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Banner
        action={
          <Button icon={<Download size={15} />} onClick={() => download(projectId, path)}>
            {t('download')}
          </Button>
        }
      >
        {t('startOnly', { shown: formatBytes(Math.min(data.length, shownBytes)), size: formatBytes(entry?.size ?? data.length) })}
      </Banner>
      <div className="min-h-0 flex-1 font-mono text-code">
        <VList role="group" aria-label={path} tabIndex={0} className="h-full py-1.5 -outline-offset-2" data={lines} itemSize={20}>
          {(line, i) => (
            <div key={i} className="flex min-h-5">
              <span aria-hidden className="w-14 shrink-0 pr-4 text-right text-[11.5px] text-fg-3 select-none">
                {i + 1}
              </span>
              <span className="min-w-0 flex-1 pr-4 break-words whitespace-pre-wrap">{line}</span>
            </div>
          )}
        </VList>
      </div>
    </div>
  )
}
