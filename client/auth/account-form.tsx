import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import type { Me } from '#shared/auth/schema.ts'
import { call } from '../api/api.ts'
import { meKey } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { checkAccount, type AccountValues } from './check-account.ts'

type Props = {
  kind: 'sign-up' | 'sign-in'
  invite?: string | undefined
  /** The first account needs the code that the server printed; what is known of it already. */
  setupCode?: string | undefined
  onDone(me: Me): void
}

const fields = ['setupCode', 'name', 'email', 'password'] as const

/** Signing up and signing in: the same fields, one of them more. What the server would refuse is said before it is sent. */
export function AccountForm({ kind, invite, setupCode, onDone }: Props) {
  const { t } = useTranslation('auth')
  const client = useQueryClient()
  const form = useForm<AccountValues>({ defaultValues: { name: '', email: '', password: '', ...(setupCode !== undefined && { setupCode }) } })
  const enter = useMutation({
    mutationFn: async ({ name, email, password, ...setup }: AccountValues): Promise<Me> => {
      if (kind === 'sign-in') return (await call(authCalls.signIn, { body: { email, password } })).user
      return (await call(authCalls.signUp, { body: { name, email, password, ...(invite && { invite }), ...setup } })).user
    },
    onSuccess: (me) => {
      // Nothing of whoever was signed in before may show.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== authCalls.setup.name })
      client.setQueryData(meKey, me)
      onDone(me)
    },
  })

  const submit = form.handleSubmit((values) => {
    const wrong = checkAccount(kind, values)
    const first = fields.find((field) => wrong[field])
    if (!first) return enter.mutate(values)
    // The last one set has the focus: the first that is wrong.
    for (const field of fields.toReversed()) {
      const key = wrong[field]
      if (key) form.setError(field, { type: key }, { shouldFocus: true })
    }
  })
  const { errors } = form.formState
  const errorOf = (field: keyof AccountValues) => {
    const key = errors[field]?.type as
      | 'setupCodeNeeded'
      | 'nameNeeded'
      | 'nameLong'
      | 'emailWrong'
      | 'passwordShort'
      | 'passwordLong'
      | 'passwordNeeded'
      | undefined
    return key && t(key)
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {setupCode !== undefined && (
        <TextField
          label={t('setupCode')}
          hint={t('setupCodeHint')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={setupCode === ''}
          error={errorOf('setupCode')}
          {...form.register('setupCode')}
        />
      )}
      {kind === 'sign-up' && (
        <TextField label={t('name')} autoComplete="name" autoFocus={setupCode !== ''} error={errorOf('name')} {...form.register('name')} />
      )}
      <TextField
        label={t('email')}
        type="email"
        autoComplete={kind === 'sign-up' ? 'email' : 'username'}
        autoFocus={kind === 'sign-in'}
        error={errorOf('email')}
        {...form.register('email')}
      />
      <PasswordField
        label={t('password')}
        show={t('showPassword')}
        hide={t('hidePassword')}
        autoComplete={kind === 'sign-up' ? 'new-password' : 'current-password'}
        hint={kind === 'sign-up' ? t('passwordHint') : undefined}
        error={errorOf('password')}
        {...form.register('password')}
      />
      {enter.error && (
        <p role="alert" className="flex gap-2 rounded-md bg-danger-tint px-3 py-2 text-ui text-danger">
          <CircleAlert size={16} className="mt-0.5 shrink-0" aria-hidden />
          {describeError(enter.error)}
        </p>
      )}
      <Button type="submit" look="primary" size="large" busy={enter.isPending} className="w-full">
        {kind === 'sign-up' ? t('createAccount') : t('signIn')}
      </Button>
    </form>
  )
}
