import type { Approval } from '#shared/approvals/schema.ts'
import type { Reason, Risk } from '#shared/policy/reason.ts'
import { cx } from '../ui/class-names.ts'
import { useTranslation } from '../i18n/use-translation.ts'

const dots: Record<Risk, string> = { low: 'bg-ok', medium: 'bg-warn', high: 'bg-danger' }
/** More are behind the first ones; all of them are marked in the command. */
const shown = 4

/** Why a call has its risk, in words, the worst first, each with the part of the call that is meant. */
export function Reasons({ approval: { reasons = [], args } }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  if (reasons.length === 0) return null
  return (
    <ul aria-label={t('reasons')} className="mt-1.5 space-y-0.5 pl-[26px] text-small text-fg-2 max-sm:pl-0">
      {reasons.slice(0, shown).map((reason) => (
        <li key={`${reason.code} ${reason.at?.from} ${reason.text}`} className="flex items-baseline gap-2">
          <span aria-hidden className={cx('size-1.5 shrink-0 -translate-y-px rounded-full', dots[reason.risk])} />
          <ReasonText reason={reason} whole={saysAll(args, reason)} />
        </li>
      ))}
    </ul>
  )
}

/** `whole`: the part that is meant is all of the call, which stands below anyway. Where all of it only reads, no part tells more than the rest. */
export function ReasonText({ reason: { code, text }, whole = false }: { reason: Reason; whole?: boolean }) {
  const { t } = useTranslation('approvals')
  const why = t(`why.${code}`)
  const quoted = text?.replaceAll(/\s+/g, ' ')
  return <span className="min-w-0 truncate">{quoted && !whole && code !== 'reads' ? t('whyWith', { why, text: quoted }) : why}</span>
}

const saysAll = (args: unknown, { text }: Reason) =>
  typeof args === 'object' && args !== null && Object.values(args).some((value) => typeof value === 'string' && value.trim() === text)
