import { useTranslation } from '../i18n/use-translation.ts'
import type { RunUsage } from '#shared/runs/schema.ts'
import { formatCount } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'

/** From which share of the context on it is worth a colour, in percent. */
const nearlyFull = 80

/** How much of the model's context is used: in numbers, and as a bar. What all calls took together is in its title. */
export function Usage({ usage }: { usage: RunUsage }) {
  const { t } = useTranslation('composer')
  const { contextTokens, budgetUsedPct, inputTokens, outputTokens } = usage
  const total = inputTokens + outputTokens
  if (total === 0) return null
  const limit = budgetUsedPct > 0 ? Math.round((contextTokens * 100) / budgetUsedPct) : 0
  const used = { used: formatCount(contextTokens), limit: formatCount(limit), input: formatCount(inputTokens), output: formatCount(outputTokens) }
  return (
    <span
      className="hidden shrink-0 items-center gap-2 text-small text-fg-3 tabular-nums @min-[330px]:inline-flex"
      title={t(limit > 0 ? 'usage.ofContext' : 'usage.title', used)}
    >
      {t('usage.tokens', { count: total, tokens: formatCount(total) })}
      <span aria-hidden className="hidden h-1 w-11 overflow-hidden rounded-full bg-selected @min-[430px]:block">
        <span
          className={cx('block h-full rounded-full', budgetUsedPct >= 100 ? 'bg-danger' : budgetUsedPct >= nearlyFull ? 'bg-warn' : 'bg-fg-2')}
          style={{ width: `${Math.min(100, Math.max(3, budgetUsedPct))}%` }}
        />
      </span>
    </span>
  )
}
