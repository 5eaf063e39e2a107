import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { AppError } from '#shared/base/errors.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { describeError } from '../api/describe-error.ts'
import { ReloadBanner } from '../api/reload-banner.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, failureReference } from '../ui/empty.tsx'
import { DeadEnd } from './dead-end.ts'

/** What a route shows when it could not be shown. */
export function FailurePage({ error }: ErrorComponentProps) {
  if (error instanceof AppError && error.code === 'not_found') return <DeadEnd why="nothingHere" />
  if (error instanceof AppError && error.code === 'forbidden') return <DeadEnd why="noAccess" />
  return <Failed error={error} />
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation('errors')
  const router = useRouter()
  const reference = failureReference(error)
  usePageTitle(t('notOpened'))
  return (
    <>
      <ReloadBanner />
      <main className="flex min-h-full items-center justify-center">
        <Empty icon={<CircleAlert />} title={t('notOpened')} text={describeError(error)} heading>
          <Button onClick={() => void router.invalidate()}>{t('tryAgain')}</Button>
          {reference && <p className="mt-3 text-small text-fg-3">{t('reference', { id: reference })}</p>}
        </Empty>
      </main>
    </>
  )
}
