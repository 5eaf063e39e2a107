import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import { Password } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import { useCall } from '../api/use-call.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { PasswordField } from '../ui/password-field.tsx'

/** Another password; every other place is signed out with it. */
export function PasswordForm() {
  const { t } = useTranslation('settings', 'auth')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [tried, setTried] = useState(false)
  const change = useCall(authCalls.changePassword, {
    invalidates: [authCalls.listSignIns],
    onSuccess: () => {
      setCurrent('')
      setNext('')
      setTried(false)
    },
  })
  const isWrong = change.error instanceof AppError && change.error.code === 'wrong_credentials'
  const names = { show: t('auth:showPassword'), hide: t('auth:hidePassword') }
  const nextError = !tried || Password.safeParse(next).success ? undefined : next.length < 8 ? t('auth:passwordShort') : t('auth:passwordLong')
  return (
    <form
      noValidate
      className="flex max-w-[420px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (current !== '' && Password.safeParse(next).success) change.mutate({ body: { current, next } })
      }}
    >
      <PasswordField
        {...names}
        label={t('current')}
        autoComplete="current-password"
        value={current}
        onChange={(event) => {
          change.reset()
          setCurrent(event.target.value)
        }}
        error={isWrong ? t('currentWrong') : tried && current === '' ? t('auth:passwordNeeded') : undefined}
      />
      <PasswordField
        {...names}
        label={t('next')}
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.target.value)}
        hint={t('auth:passwordHint')}
        error={nextError}
      />
      {change.error && !isWrong && (
        <p role="alert" className="text-ui text-danger">
          {describeError(change.error)}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" look="primary" busy={change.isPending}>
          {t('change')}
        </Button>
        <span role="status" className="text-small text-fg-2">
          {change.isSuccess ? t('passwordChanged') : t('passwordNote')}
        </span>
      </div>
    </form>
  )
}
