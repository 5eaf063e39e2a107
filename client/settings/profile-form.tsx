import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { authCalls } from '#shared/auth/api.ts'
import { Name } from '#shared/auth/schema.ts'
import { useCall } from '../api/use-call.ts'
import { meKey, useMe } from '../api/me.ts'
import { describeError } from '../api/describe-error.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

/** The name that everybody in one's rooms reads. */
export function ProfileForm() {
  const { t } = useTranslation('settings', 'auth')
  const me = useMe()
  const client = useQueryClient()
  const [name, setName] = useState(me.name)
  const save = useCall(authCalls.updateMe, {
    onSuccess: ({ user }) => {
      client.setQueryData(meKey, user)
      setName(user.name)
    },
  })
  const parsed = Name.safeParse(name)
  const wrong = parsed.success ? undefined : name.trim() === '' ? t('auth:nameNeeded') : t('auth:nameLong')
  return (
    <form
      noValidate
      className="flex max-w-[420px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.success) save.mutate({ body: { name: parsed.data } })
      }}
    >
      <TextField
        label={t('name')}
        autoComplete="name"
        value={name}
        onChange={(event) => {
          save.reset()
          setName(event.target.value)
        }}
        error={wrong ?? (save.error ? describeError(save.error) : undefined)}
      />
      <TextField label={t('email')} hint={t('emailHint')} value={me.email} readOnly autoComplete="username" />
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" busy={save.isPending} disabled={!parsed.success || parsed.data === me.name}>
          {t('save')}
        </Button>
        <span role="status" className="text-small text-fg-2">
          {save.isSuccess ? t('saved') : ''}
        </span>
      </div>
    </form>
  )
}
