import { Link, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { Password } from '#shared/auth/schema.ts'
import { resetCalls } from '#shared/people/reset.ts'
import { useCall } from '../api/use-call.ts'
import { FrontDoor } from '../auth/front-door.tsx'
import { describeError } from '../api/describe-error.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { PasswordField } from '../ui/password-field.tsx'

/** Where the link of an admin leads. Its token is behind the `#`, so that it is in no address that a server or a proxy writes down. */
export function ResetPage() {
  const { t } = useTranslation('auth')
  const token = useLocation({ select: ({ hash }) => hash })
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const choose = useCall(resetCalls.choosePassword)
  const toSignIn = <Link to="/sign-in">{t('signIn')}</Link>
  if (choose.isSuccess) return <FrontDoor title={t('resetDone')} text={t('resetDoneText')} below={toSignIn} />
  if (token === '') return <FrontDoor title={t('resetBroken')} text={t('resetBrokenText')} below={toSignIn} />
  const wrong = !tried || Password.safeParse(password).success ? undefined : password.length < 8 ? t('passwordShort') : t('passwordLong')
  return (
    <FrontDoor title={t('reset')} text={t('resetText')} below={toSignIn}>
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (Password.safeParse(password).success) choose.mutate({ body: { token, password } })
        }}
      >
        <PasswordField
          label={t('password')}
          show={t('showPassword')}
          hide={t('hidePassword')}
          autoComplete="new-password"
          autoFocus
          hint={t('passwordHint')}
          error={wrong}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {choose.error && (
          <p role="alert" className="text-ui text-danger">
            {describeError(choose.error)}
          </p>
        )}
        <Button type="submit" look="primary" size="large" busy={choose.isPending} className="w-full">
          {t('resetDo')}
        </Button>
      </form>
    </FrontDoor>
  )
}
