import { Link } from '@tanstack/react-router'
import { Hourglass, Moon, Play, RotateCcw, TriangleAlert } from 'lucide-react'
import { serverText } from '../../i18n/translate.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { sandboxCalls } from '#shared/sandboxes/api.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import { useCall } from '../../api/use-call.ts'
import { useCommands } from '../../commands/commands.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'

type Props = { projectId: ProjectId; state: SandboxState | undefined; mayControl: boolean; mayConfigure: boolean }

/** Files, terminals and agents all need the sandbox: where it sleeps, waits or failed the whole room is told, with the way out. */
export function SandboxBanner({ projectId, state, mayControl, mayConfigure }: Props) {
  const { t } = useTranslation('room')
  const failed = state?.status === 'failed'
  const given = { params: { id: projectId } }
  const wake = useCall(failed ? sandboxCalls.restartSandbox : sandboxCalls.startSandbox, { failed: t('sandbox.notStarted') })
  const giveUp = useCall(sandboxCalls.killSandbox, { failed: t('sandbox.notGivenUp') })
  const asks = state !== undefined && state.isolation !== 'unavailable' && (failed || state.status === 'paused')
  const label = failed ? t('sandbox.restart') : t('sandbox.start')
  useCommands(asks && mayControl ? [{ id: 'sandbox.start', label, group: 'room', run: () => wake.mutate(given) }] : [])
  if (state?.status === 'waiting') {
    return (
      <Banner
        tone="plain"
        icon={<Hourglass size={15} className="shrink-0 text-fg-3" aria-hidden />}
        action={
          mayControl && (
            <Button busy={giveUp.isPending} onClick={() => giveUp.mutate(given)}>
              {t('sandbox.giveUp')}
            </Button>
          )
        }
      >
        <strong className="font-label text-fg">{t('sandbox.waiting')}</strong> {serverText(state.detail ?? '')}
      </Banner>
    )
  }
  if (!asks) return null
  return (
    <Banner
      tone={failed ? 'danger' : 'plain'}
      icon={
        failed ? (
          <TriangleAlert size={15} className="shrink-0 text-danger" aria-hidden />
        ) : (
          <Moon size={15} className="shrink-0 text-fg-3" aria-hidden />
        )
      }
      action={
        mayControl && (
          <Button icon={failed ? <RotateCcw size={14} /> : <Play size={14} />} busy={wake.isPending} onClick={() => wake.mutate(given)}>
            {label}
          </Button>
        )
      }
    >
      <strong className="font-label text-fg">{failed ? t('sandbox.failed') : t('sandbox.asleep')}</strong>{' '}
      {failed ? serverText(state.detail ?? '') : mayControl ? t('sandbox.asleepWhy') : t('sandbox.asleepWatching')}
      {failed && mayConfigure && (
        <>
          {' '}
          <Link to="/settings/$projectId" params={{ projectId }} className="font-label text-fg underline underline-offset-2">
            {t('sandbox.settings')}
          </Link>
        </>
      )}
    </Banner>
  )
}
