import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import { Name, type ApiKey } from '#shared/auth/schema.ts'
import { usualScopes, type KeyScope } from '#shared/auth/scopes.ts'
import { useCall } from '../api/use-call.ts'
import { formatAgo, formatDateTime, formatNames } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useNow } from '../ui/use-now.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { TextField } from '../ui/field.tsx'
import { ScopeChoice } from './scope-choice.tsx'
import { Secret } from './secret.tsx'

/** Keys of scripts: made here, shown once, revoked here. */
export function KeyList() {
  const { t } = useTranslation('settings')
  const query = queryOf(authCalls.listKeys, {})
  const keys = useQuery({ ...query, staleTime: 0 })
  const invalidates = [query.queryKey]
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly KeyScope[]>(usualScopes)
  const [tried, setTried] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey>()
  const make = useCall(authCalls.createKey, {
    invalidates,
    onSuccess: () => {
      setName('')
      setScopes(usualScopes)
      setTried(false)
    },
  })
  const revoke = useCall(authCalls.deleteKey, { invalidates, onSuccess: () => setRevoking(undefined) })
  const parsed = Name.safeParse(name)
  const made = make.data
  return (
    <>
      <form
        noValidate
        className="max-w-[520px]"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (parsed.success && scopes.length > 0) make.mutate({ body: { name: parsed.data, scopes: [...scopes] } })
        }}
      >
        <div className="flex items-end gap-2">
          <TextField
            label={t('keyName')}
            placeholder={t('keyPlaceholder')}
            className="min-w-0 flex-1"
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={tried && !parsed.success ? t('keyNameNeeded') : make.error ? describeError(make.error) : undefined}
          />
          <Button type="submit" size="large" look="primary" className="self-start mt-5" busy={make.isPending}>
            {t('createKey')}
          </Button>
        </div>
        <ScopeChoice chosen={scopes} onChoose={setScopes} error={tried && scopes.length === 0 ? t('keyScopesNeeded') : undefined} />
      </form>
      {made && keys.data?.keys.some(({ id }) => id === made.id) && (
        <Secret label={t('keyMade', { name: made.name })} secret={made.secret} note={t('keyOnce')} copy={t('copyKey')} copied={t('keyCopied')} />
      )}
      <div className="mt-5">
        {!keys.data ? (
          <Skeleton label={t('loading')} lines={2} className="px-0!" />
        ) : keys.data.keys.length === 0 ? (
          <p className="text-ui text-fg-2">{t('noKeys')}</p>
        ) : (
          <ul aria-label={t('list')} className="divide-y divide-line rounded-lg border border-line bg-raised">
            {keys.data.keys.map((key) => (
              <Row key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
            ))}
          </ul>
        )}
      </div>
      <ConfirmDialog
        open={revoking !== undefined}
        onOpenChange={() => setRevoking(undefined)}
        title={t('revokeKeyTitle', { name: revoking?.name ?? '' })}
        text={t('revokeKeyText')}
        action={t('revoke')}
        busy={revoke.isPending}
        error={revoke.error ? describeError(revoke.error) : undefined}
        onConfirm={() => revoking && revoke.mutate({ params: { keyId: revoking.id } })}
      />
    </>
  )
}

function Row({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke(): void }) {
  const { t } = useTranslation('settings')
  const now = useNow(60_000)
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
      <KeyRound size={16} className="shrink-0 text-fg-3" aria-hidden />
      <div className="min-w-32 flex-1">
        <p className="truncate text-ui font-label">{apiKey.name}</p>
        <p className="text-small text-fg-3">
          {apiKey.lastUsedAt === null ? t('keyUnused') : t('keyUsed', { time: formatAgo(apiKey.lastUsedAt, now) })} ·{' '}
          {t('keyCreated', { time: formatDateTime(apiKey.createdAt) })} · {formatNames(apiKey.scopes.map((scope) => t(`scope.${scope}`)))}
        </p>
      </div>
      <Button look="ghost" aria-label={t('revokeKey', { name: apiKey.name })} onClick={onRevoke}>
        {t('revoke')}
      </Button>
    </li>
  )
}
