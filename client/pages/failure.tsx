import { useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { AppError } from '#shared/base/errors.ts'
import { describeError } from '../base/query.ts'
import { Button } from '../ui/button.tsx'
import { Empty, failureReference } from '../ui/empty.tsx'
import { NoAccessPage, NotFoundPage } from './not-found.tsx'

/** What a route shows when it could not be shown. */
export function FailurePage({ error }: ErrorComponentProps) {
  const router = useRouter()
  if (error instanceof Error && error.name === 'PathParamError') return <NotFoundPage />
  if (error instanceof AppError && error.code === 'not_found') return <NotFoundPage />
  if (error instanceof AppError && error.code === 'forbidden') return <NoAccessPage />
  const reference = failureReference(error)
  return (
    <main className="flex min-h-full items-center justify-center">
      <Empty icon={<CircleAlert />} title="This page did not open" text={describeError(error)}>
        <Button onClick={() => void router.invalidate()}>Try again</Button>
        {reference && <p className="mt-3 text-small text-fg-3">Reference: {reference}</p>}
      </Empty>
    </main>
  )
}
