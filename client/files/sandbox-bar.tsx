import { Box, Play, TriangleAlert } from 'lucide-react'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sandboxCalls } from '#shared/sandboxes/api.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { useCall } from '../api/use-call.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Spinner } from '../ui/spinner.tsx'

/** Whether the sandbox runs, where the room's banner does not tell, and how strongly it is kept apart from the machine. */
export function SandboxBar({ projectId, state, mayControl }: { projectId: ProjectId; state: SandboxState; mayControl: boolean }) {
  const { t } = useTranslation('files')
  const start = useCall(sandboxCalls.startSandbox, { failed: t('sandboxNotStarted') })
  const unsafe = state.isolation === 'none'
  const broken = state.isolation === 'unavailable'
  const startable = state.status === 'stopped' && !broken
  return (
    <div
      role="status"
      className={cx(
        'flex min-h-8 shrink-0 items-center gap-2 border-t border-line px-3 py-1 text-small',
        unsafe || broken ? 'bg-warn-tint text-warn' : 'text-fg-3',
      )}
    >
      {state.status === 'starting' || state.status === 'waiting' ? (
        <Spinner />
      ) : unsafe || broken ? (
        <TriangleAlert size={14} className="shrink-0" />
      ) : (
        <Box size={14} className="shrink-0" />
      )}
      <span className="min-w-0 flex-1 truncate" title={state.detail}>
        {t(`sandbox.${state.status}`)}
        {state.status === 'off' && state.detail ? '' : ` · ${t(`isolation.${state.isolation}`)}`}
        {state.detail && (unsafe || broken || state.status === 'waiting') ? `. ${serverText(state.detail)}` : ''}
      </span>
      {startable && mayControl && (
        <Button
          look="ghost"
          className="-my-1"
          icon={<Play size={13} />}
          busy={start.isPending}
          onClick={() => start.mutate({ params: { id: projectId } })}
        >
          {t('startSandbox')}
        </Button>
      )}
    </div>
  )
}
