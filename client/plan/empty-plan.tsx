import { ListTodo } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'

/** No step to show: in the whole project, or in this session while others have some. */
export function EmptyPlan({ elsewhere, onShowAll }: { elsewhere: number; onShowAll(): void }) {
  const { t } = useTranslation('plan')
  return (
    <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 py-1 pr-2 pl-5 text-ui text-fg-2">
      <ListTodo size={16} className="shrink-0 text-fg-3" aria-hidden />
      {elsewhere > 0 ? t('emptyHere') : t('empty')}
      {elsewhere > 0 && (
        <button type="button" onClick={onShowAll} className="rounded-sm text-accent-text underline-offset-2 hover:underline pointer-coarse:min-h-11">
          {t('showElsewhere', { count: elsewhere })}
        </button>
      )}
    </p>
  )
}
