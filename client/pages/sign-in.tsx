import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'

export function SignInPage() {
  const { t } = useTranslation('auth')
  const search = useSearch({ from: '/open' })
  const router = useRouter()
  return (
    <FrontDoor
      title={t('signInTitle')}
      below={
        <>
          {t('newHere')}{' '}
          <Link to="/sign-up" search={search}>
            {t('makeAccount')}
          </Link>
        </>
      }
    >
      <AccountForm kind="sign-in" onDone={() => router.history.push(search.next ?? '/')} />
    </FrontDoor>
  )
}
