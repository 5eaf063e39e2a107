import { useTranslation } from '../i18n/use-translation.ts'
import type { SandboxUsage } from '#shared/sandboxes/schema.ts'
import { formatBytes, formatElapsed, formatNumber } from '../i18n/format.ts'
import { useLiveNow } from '../sync/use-connected.ts'

/** What the sandbox uses of what it may, as words and bars. */
export function UsageView({ usage }: { usage: SandboxUsage | undefined }) {
  const { t } = useTranslation('sandbox')
  const now = useLiveNow(usage ? 1000 : null)
  if (!usage) return <p className="text-ui text-fg-3">{t('noUsage')}</p>
  const cores = Math.round(usage.cpuPercent / 10) / 10
  return (
    <dl className="grid grid-cols-[max-content_1fr_max-content] items-center gap-x-4 gap-y-2 text-ui">
      <Row name={t('cpu')} share={usage.cpuPercent / 100 / usage.cpus} value={t('cores', { used: formatNumber(cores), count: usage.cpus })} />
      <Row
        name={t('memory')}
        share={usage.memoryBytes / usage.memoryLimitBytes}
        value={t('ofAll', { used: formatBytes(usage.memoryBytes), all: formatBytes(usage.memoryLimitBytes) })}
      />
      <Row
        name={t('disk')}
        share={usage.diskBytes / usage.diskLimitBytes}
        value={t('ofAll', { used: formatBytes(usage.diskBytes), all: formatBytes(usage.diskLimitBytes) })}
      />
      <dt className="text-fg-2">{t('uptime')}</dt>
      <dd className="col-span-2 text-right tabular-nums">{formatElapsed(now - usage.startedAt)}</dd>
    </dl>
  )
}

function Row({ name, share, value }: { name: string; share: number; value: string }) {
  const part = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0
  return (
    <>
      <dt className="text-fg-2">{name}</dt>
      <dd aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line forced-colors:border">
        <div className={part > 0.9 ? 'h-full bg-warn' : 'h-full bg-accent'} style={{ width: `${part * 100}%` }} />
      </dd>
      <dd className="text-right tabular-nums">{value}</dd>
    </>
  )
}
