import { AppWindow, CloudOff, Moon, RotateCw } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { previewCalls } from '#shared/previews/api.ts'
import { readPorts } from '#shared/previews/doc.ts'
import { readSandbox } from '#shared/projects/doc.ts'
import type { SandboxStatus } from '#shared/sandboxes/schema.ts'
import { call } from '../api/api.ts'
import { useCommands } from '../commands/commands.ts'
import { useConnected } from '../api/page-preview.ts'
import { describeError } from '../api/describe-error.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { PageFrame } from '../ui/page-frame.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { NewTabLink } from '../ui/new-tab-link.tsx'

type Props = {
  projectId: ProjectId
  doc: Y.Doc
  /** The port that is shown, which stands in the page's address. */
  port: number | undefined
  onPort(port: number | undefined): void
}
type Width = 'wide' | 'phone'

const meta = (doc: Y.Doc) => doc.getMap('meta')

const isAsleep = (status: SandboxStatus | undefined) => status === 'stopped' || status === 'paused'

/** Web apps of the sandbox. What begins to listen is offered; it opens when somebody asks for it, or follows who started it. */
export default function PreviewPane({ projectId, doc, port, onPort: setPort }: Props) {
  const { t } = useTranslation('preview')
  const ports = useDocValue(doc, readPorts, meta)
  const sandbox = useDocValue(doc, readSandbox, meta)
  useCommands(
    ports.map((one) => ({ id: `preview.${one}`, label: t('commandOpen', { port: one }), group: 'workspace' as const, run: () => setPort(one) })),
  )

  if (port !== undefined)
    return (
      <Shown
        key={port}
        projectId={projectId}
        port={port}
        listening={ports.includes(port)}
        ports={ports}
        asleep={isAsleep(sandbox?.status)}
        onPort={setPort}
      />
    )
  if (ports.length === 0) return <Empty className="h-full" icon={<AppWindow />} title={t('emptyTitle')} text={t('empty')} />
  return (
    <Empty className="h-full" icon={<AppWindow />} title={t('offerTitle')} text={t('offerText', { count: ports.length })}>
      <ul aria-label={t('offered')} className="flex flex-wrap justify-center gap-2">
        {ports.map((one) => (
          <li key={one}>
            <Button look={ports.length === 1 ? 'primary' : 'secondary'} onClick={() => setPort(one)}>
              {t('openPort', { port: one })}
            </Button>
          </li>
        ))}
      </ul>
    </Empty>
  )
}

type ShownProps = {
  projectId: ProjectId
  port: number
  listening: boolean
  ports: readonly number[]
  asleep: boolean
  onPort(port: number | undefined): void
}

function Shown({ projectId, port, listening, ports, asleep, onPort }: ShownProps) {
  const { t } = useTranslation('preview')
  const [width, setWidth] = useState<Width>('wide')
  const [round, setRound] = useState(0)
  const connected = useConnected()
  const preview = useQuery({
    // The address may have ended with the last server.
    queryKey: ['preview', projectId, port, listening, connected],
    queryFn: () => call(previewCalls.openPreview, { params: { id: projectId }, body: { port } }),
    enabled: listening && connected,
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const reload = () => {
    setRound((count) => count + 1)
    void preview.refetch()
  }
  const url = listening ? preview.data?.url : undefined
  useCommands([
    { id: 'preview.reload', label: t('commandReload'), group: 'workspace', run: reload },
    { id: 'preview.wide', label: t('commandWide'), group: 'workspace', run: () => setWidth('wide') },
    { id: 'preview.phone', label: t('commandPhone'), group: 'workspace', run: () => setWidth('phone') },
    { id: 'preview.back', label: t('commandBack'), group: 'workspace', run: () => onPort(undefined) },
    ...(url
      ? [{ id: 'preview.tab', label: t('commandTab'), group: 'workspace' as const, run: () => void window.open(url, '_blank', 'noreferrer') }]
      : []),
  ])

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-1.5 border-b border-line px-2">
        <IconButton label={t('reload')} disabled={!listening} onClick={reload}>
          <RotateCw size={15} />
        </IconButton>
        <label className="flex min-w-0 flex-1 items-center rounded-md bg-sunken px-2.5 font-mono text-code-s text-fg-2">
          <span className="sr-only">{t('portLabel')}</span>
          <select
            value={port}
            onChange={(event) => onPort(event.target.value === '' ? undefined : Number(event.target.value))}
            className="h-7 w-full bg-transparent outline-offset-4 pointer-coarse:h-11"
          >
            {[...new Set([...ports, port])]
              .toSorted((a, b) => a - b)
              .map((one) => (
                <option key={one} value={one}>{`:${one}`}</option>
              ))}
            <option value="">{t('back')}</option>
          </select>
        </label>
        <Segmented<Width>
          label={t('width')}
          value={width}
          onChange={setWidth}
          options={[
            { value: 'wide', label: t('wide') },
            { value: 'phone', label: t('phone') },
          ]}
        />
        {url && <NewTabLink url={url} label={t('newTab')} />}
      </div>
      <div className="flex min-h-0 flex-1 justify-center overflow-hidden bg-sunken">
        {!listening ? (
          <Empty
            className="h-full"
            icon={asleep ? <Moon /> : <AppWindow />}
            title={asleep ? t('asleep') : t('stopped', { port })}
            text={asleep ? t('asleepText') : t('stoppedText')}
          >
            {ports.length > 0 && <Button onClick={() => onPort(undefined)}>{t('back')}</Button>}
          </Empty>
        ) : preview.isError ? (
          <Empty className="h-full" icon={<AppWindow />} title={t('failed')} text={describeError(preview.error)}>
            <Button onClick={reload}>{t('retry')}</Button>
          </Empty>
        ) : preview.data ? (
          <PageFrame
            title={t('frame', { port })}
            url={preview.data.url}
            round={String(round)}
            popups
            loading={t('loading')}
            className={width === 'phone' ? 'w-[390px] max-w-full border-x border-line' : 'w-full'}
          />
        ) : connected ? (
          <Skeleton label={t('loading')} className="w-full" />
        ) : (
          <Empty className="h-full" icon={<CloudOff />} title={t('offline')} text={t('offlineText')} />
        )}
      </div>
    </div>
  )
}
