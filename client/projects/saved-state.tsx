import { Check, CloudOff, Eye, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { SavedState } from '../sync/saved.ts'
import { useSaved } from '../sync/use-document.ts'
import { cx } from '../ui/class-names.ts'

const looks: Record<SavedState['status'], { icon: ReactNode; tone: string }> = {
  connecting: { icon: <RefreshCw size={13} />, tone: 'text-fg-3' },
  saved: { icon: <Check size={14} />, tone: 'text-fg-3' },
  saving: { icon: <RefreshCw size={13} />, tone: 'text-fg-3' },
  offline: { icon: <CloudOff size={14} />, tone: 'text-warn' },
  reconnecting: { icon: <RefreshCw size={13} />, tone: 'text-warn' },
  'read-only': { icon: <Eye size={14} />, tone: 'text-fg-3' },
}

/** What the durable log says of this person's edits, in one word or one line. */
export function SavedMark({ iconOnly = false }: { iconOnly?: boolean }) {
  const { t } = useTranslation('room')
  const state = useSaved()
  const changes = 'changes' in state ? state.changes : 0
  const text = changes > 0 ? t('saved.changes', { count: changes }) : t(`saved.${state.status === 'read-only' ? 'readOnly' : state.status}`)
  return (
    <span role="status" title={text} className={cx('inline-flex shrink-0 items-center gap-1 text-small', looks[state.status].tone)}>
      {looks[state.status].icon}
      <span className={iconOnly ? 'sr-only' : undefined}>{text}</span>
    </span>
  )
}
