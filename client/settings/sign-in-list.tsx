import { useQuery } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import type { SignInPlace } from '#shared/auth/schema.ts'
import { useCall } from '../api/use-call.ts'
import { formatAgo, formatDateTime } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useSignOut } from '../api/sign-out.ts'
import { useNow } from '../ui/use-now.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { deviceOf } from './device.ts'

/** Where somebody is signed in, and signing out there. */
export function SignInList() {
  const { t } = useTranslation('settings')
  const query = queryOf(authCalls.listSignIns, {})
  const places = useQuery({ ...query, staleTime: 0, refetchInterval: 30_000 })
  const invalidates = [query.queryKey]
  const [asking, setAsking] = useState(false)
  const leave = useSignOut()
  const end = useCall(authCalls.endSignIn, { invalidates, failed: t('notEnded') })
  const endOthers = useCall(authCalls.endOtherSignIns, { invalidates, onSuccess: () => setAsking(false) })
  if (places.error && !places.data) {
    return (
      <p role="alert" className="text-ui text-danger">
        {describeError(places.error)}
      </p>
    )
  }
  if (!places.data) return <Skeleton label={t('loading')} className="px-0!" />
  const others = places.data.sessions.filter(({ current }) => !current)
  return (
    <>
      <ul aria-label={t('signIns')} className="divide-y divide-line rounded-lg border border-line bg-raised">
        {places.data.sessions.map((place) => (
          <Place
            key={place.id}
            place={place}
            busy={end.isPending && end.variables.params.signInId === place.id}
            onEnd={() => (place.current ? leave.mutate({}) : end.mutate({ params: { signInId: place.id } }))}
          />
        ))}
      </ul>
      <div className="mt-4">
        {others.length === 0 ? (
          <p className="text-ui text-fg-2">{t('onlyHere')}</p>
        ) : (
          <Button look="deny" className="border-line-strong!" onClick={() => setAsking(true)}>
            {t('endOthers')}
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('endOthersTitle')}
        text={t('endOthersText')}
        action={t('endOthers')}
        busy={endOthers.isPending}
        error={endOthers.error ? describeError(endOthers.error) : undefined}
        onConfirm={() => endOthers.mutate({})}
      />
    </>
  )
}

function Place({ place, busy, onEnd }: { place: SignInPlace; busy: boolean; onEnd(): void }) {
  const { t } = useTranslation('settings')
  const now = useNow(30_000)
  const { browser, system } = deviceOf(place.userAgent)
  const device = browser && system ? t('device', { browser, system }) : (browser ?? system ?? t('unknownDevice'))
  const isPhone = system === 'iPhone' || system === 'Android'
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      {isPhone ? (
        <Smartphone size={18} className="shrink-0 text-fg-3" aria-hidden />
      ) : (
        <Monitor size={18} className="shrink-0 text-fg-3" aria-hidden />
      )}
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-ui font-label" title={place.userAgent}>
          {device}
          {place.current && <Badge tone="accent">{t('thisOne')}</Badge>}
        </p>
        <p className="text-small text-fg-3">
          {place.current ? t('seenNow') : t('seen', { time: formatAgo(place.lastSeenAt, now) })} ·{' '}
          {t('since', { time: formatDateTime(place.createdAt) })}
        </p>
      </div>
      <Button look="ghost" busy={busy} aria-label={t('endOf', { device })} onClick={onEnd}>
        {t('end')}
      </Button>
    </li>
  )
}
