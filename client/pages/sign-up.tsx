import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'

export function SignUpPage() {
  const { t } = useTranslation('auth', 'common')
  const search = useSearch({ from: '/open' })
  const router = useRouter()
  // The link that the server printed carries the code.
  const { hash } = useLocation()
  const setup = useQuery(queryOf(authCalls.setup, {}))
  const below = (
    <>
      {t('haveAccount')}{' '}
      <Link to="/sign-in" search={search}>
        {t('signIn')}
      </Link>
    </>
  )
  if (!setup.data) {
    return (
      <FrontDoor title={t('makeAccount')} text={setup.error ? describeError(setup.error) : undefined}>
        {setup.error ? <Button onClick={() => void setup.refetch()}>{t('common:retry')}</Button> : <Skeleton label={t('loading')} lines={4} />}
      </FrontDoor>
    )
  }
  const { firstAccount, signUp, setupCode } = setup.data
  if (!firstAccount && signUp === 'invite' && !search.invite) {
    return <FrontDoor title={t('needInvite')} text={t('needInviteText')} below={below} />
  }
  return (
    <FrontDoor
      title={firstAccount ? t('welcome') : t('makeAccount')}
      text={firstAccount ? t('firstAccount') : undefined}
      below={firstAccount ? undefined : below}
    >
      <AccountForm
        kind="sign-up"
        invite={search.invite}
        setupCode={setupCode ? (new URLSearchParams(hash).get('setup') ?? '') : undefined}
        onDone={() => router.history.push(search.next ?? '/')}
      />
    </FrontDoor>
  )
}
