import { RefreshCw } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { partMissing } from '../ui/lazy.ts'

/** Over a page whose code did not all come: what it shows goes on, and a reload brings the rest. */
export function PartMissing() {
  const { t } = useTranslation('room')
  const missing = useSyncExternalStore(partMissing.subscribe, partMissing.get)
  return (
    missing && (
      <Banner
        tone="warn"
        icon={<RefreshCw size={15} className="shrink-0 text-warn" aria-hidden />}
        action={<Button onClick={() => location.reload()}>{t('reload')}</Button>}
      >
        {t('partMissing')}
      </Banner>
    )
  )
}
