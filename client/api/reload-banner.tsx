import { RefreshCw } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { outdated } from '../sync/outdated.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { partMissing } from '../ui/lazy.ts'

/**
 * Over a page that only a reload brings further: the server does not serve it any more, or its code did not all come. What it shows goes
 * on. No part of it is fetched when it is shown: of an older build the server has nothing more.
 */
export function ReloadBanner() {
  const { t } = useTranslation('room', 'errors')
  const isOutdated = useSyncExternalStore(outdated.subscribe, outdated.get)
  const missing = useSyncExternalStore(partMissing.subscribe, partMissing.get)
  return (
    (isOutdated || missing) && (
      <Banner
        tone="warn"
        icon={<RefreshCw size={15} className="shrink-0 text-warn" aria-hidden />}
        action={<Button onClick={() => location.reload()}>{t('reload')}</Button>}
      >
        {t(isOutdated ? 'errors:outdated' : 'partMissing')}
      </Banner>
    )
  )
}
