import { CircleAlert, Monitor, PackageOpen } from 'lucide-react'
import { useState } from 'react'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { desktopCalls } from '#shared/desktop/api.ts'
import type { DesktopState } from '#shared/desktop/schema.ts'
import { callRaw } from '../api/api.ts'
import { useCall } from '../api/use-call.ts'
import { useMe } from '../api/me.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Spinner } from '../ui/spinner.tsx'

/** What stands in the desktop's place while there is none: asleep, starting, failed, or not installed. */
export function Resting({ state, projectId, mayStart }: { state: DesktopState; projectId: ProjectId; mayStart: boolean }) {
  const { t } = useTranslation('desktop')
  const starting = useCall(desktopCalls.startDesktop, { failed: t('notStarted') })
  const start = () => starting.mutate({ params: { id: projectId } })
  const seconds = Math.max(1, Math.round(state.startsInMs / 1000))

  if (state.status === 'missing') return <Missing state={state} projectId={projectId} again={start} />
  if (state.status === 'starting') {
    return <Empty className="h-full" icon={<Spinner />} title={t('starting')} text={t('startsIn', { count: seconds })} />
  }
  const failed = state.status === 'failed'
  return (
    <Empty
      className="h-full"
      icon={failed ? <CircleAlert /> : <Monitor />}
      title={failed ? t('failed') : t('asleep')}
      text={failed ? (state.detail ? serverText(state.detail) : t('notStarted')) : mayStart ? t('startsIn', { count: seconds }) : t('asleepWatching')}
    >
      {mayStart && (
        <Button busy={starting.isPending} onClick={start}>
          {failed ? t('tryAgain') : t('start')}
        </Button>
      )}
    </Empty>
  )
}

/** Says what to install, and installs it where that is possible, showing what happens. */
function Missing({ state, projectId, again }: { state: DesktopState; projectId: ProjectId; again(): void }) {
  const { t } = useTranslation('desktop')
  const { admin } = useMe()
  const [output, setOutput] = useState<string[]>()

  const install = async () => {
    setOutput([])
    try {
      const answer = await callRaw(desktopCalls.installDesktop, { params: { id: projectId } })
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
        const lines = next.value.split('\n').filter((line) => line !== '')
        setOutput((before = []) => [...before, ...lines].slice(-8))
      }
    } catch (error) {
      notify.error(t('notInstalled'), { description: describeError(error) })
    }
    setOutput(undefined)
  }
  return (
    <Empty className="h-full" icon={<PackageOpen />} title={t('missing')} text={t('missingText', { names: state.missing?.join(', ') ?? '' })}>
      <code className="block max-w-full overflow-x-auto rounded-md bg-sunken px-3 py-2 text-left font-mono text-code-s text-fg select-all">
        {state.installCommand}
      </code>
      <div className="mt-3 flex justify-center gap-2">
        {admin && state.mayInstall && (
          <Button look="primary" busy={output !== undefined} onClick={() => void install()}>
            {t('install')}
          </Button>
        )}
        <Button onClick={again}>{t('lookAgain')}</Button>
      </div>
      {output && (
        <pre
          role="log"
          aria-label={t('installing')}
          className="mt-3 max-h-40 max-w-[560px] overflow-auto rounded-md bg-sunken p-3 text-left font-mono text-code-s text-fg-2"
        >
          {output.join('\n')}
        </pre>
      )}
    </Empty>
  )
}
