import { CircleAlert, CloudOff, FileX2, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { FolderPath, type FilePath } from '#shared/files/path.ts'
import { ApiError } from '../api/api.ts'
import { useCommands } from '../commands/commands.ts'
import { useConnected, usePagePreview } from '../api/page-preview.ts'
import { describeError } from '../api/describe-error.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { PageFrame } from '../ui/page-frame.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { NewTabLink } from '../ui/new-tab-link.tsx'
import { useFilesRoom } from './room-context.ts'
import { nameOf, parentOf } from './tree-model.ts'
import { useFolderRound } from './use-folder-round.ts'

type Width = 'wide' | 'phone'

/** A page of the workspace as a page, kept level with its files. */
export default function PageFile({ path }: { path: FilePath }) {
  const { t } = useTranslation('preview')
  const { projectId, project, narrow } = useFilesRoom()
  const connected = useConnected()
  const [again, setAgain] = useState(0)
  const [width, setWidth] = useState<Width>('wide')
  const round = `${useFolderRound(projectId, project, FolderPath.parse(parentOf(path)))} ${again}`
  const page = usePagePreview(projectId, path, { round })
  const reload = () => setAgain((count) => count + 1)
  useCommands([
    { id: 'page.reload', label: t('commandReload'), group: 'files', run: reload },
    ...(page.data
      ? [{ id: 'page.tab', label: t('commandTab'), group: 'files' as const, run: () => void window.open(page.data.url, '_blank', 'noreferrer') }]
      : []),
  ])

  const body = () => {
    if (page.error) {
      const gone = page.error instanceof ApiError && page.error.code === 'not_found'
      return (
        <Empty
          className="h-full"
          icon={gone ? <FileX2 /> : <CircleAlert />}
          title={gone ? t('pageGone') : t('pageFailed')}
          text={gone ? t('pageGoneText') : describeError(page.error)}
        >
          <Button onClick={reload}>{t('retry')}</Button>
        </Empty>
      )
    }
    if (page.data)
      return (
        <PageFrame
          url={page.data.url}
          title={t('pageFrame', { name: nameOf(path) })}
          round={round}
          loading={t('loading')}
          className={width === 'phone' && !narrow ? 'mx-auto w-[390px] max-w-full border-x border-line' : 'w-full'}
        />
      )
    if (!connected) return <Empty className="h-full" icon={<CloudOff />} title={t('pageOffline')} text={t('pageOfflineText')} />
    return <Skeleton label={t('loading')} className="w-full" />
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="min-h-0 flex-1 overflow-hidden bg-sunken">{body()}</div>
      <div className="flex h-9 shrink-0 items-center gap-1 border-t border-line px-2 text-small text-fg-3">
        <IconButton label={t('reload')} onClick={reload}>
          <RotateCw size={14} />
        </IconButton>
        <span className="min-w-0 flex-1 truncate">{t(connected ? 'pageLive' : 'pageOffline')}</span>
        {!narrow && (
          <Segmented<Width>
            label={t('width')}
            value={width}
            onChange={setWidth}
            options={[
              { value: 'wide', label: t('wide') },
              { value: 'phone', label: t('phone') },
            ]}
          />
        )}
        {page.data && <NewTabLink url={page.data.url} label={t('newTab')} />}
      </div>
    </div>
  )
}
