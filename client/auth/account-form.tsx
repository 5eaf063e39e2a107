import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useForm } from 'react-hook-form'
import { authCalls } from '#shared/auth/api.ts'
import { SignIn, SignUp, type Me } from '#shared/auth/schema.ts'
import { call } from '../base/api.ts'
import { meKey } from '../base/me.ts'
import { describeError } from '../base/query.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'

type Values = { name: string; email: string; password: string }

type Props = { kind: 'sign-up' | 'sign-in'; invite?: string | undefined; onDone(me: Me): void }

/** Signing up and signing in: the same fields, one of them more. What the server would refuse is said before it is sent. */
export function AccountForm({ kind, invite, onDone }: Props) {
  const client = useQueryClient()
  const form = useForm<Values>({ defaultValues: { name: '', email: '', password: '' } })
  const enter = useMutation({
    mutationFn: async ({ name, email, password }: Values): Promise<Me> => {
      if (kind === 'sign-in') return (await call(authCalls.signIn, { body: { email, password } })).user
      return (await call(authCalls.signUp, { body: { name, email, password, ...(invite && { invite }) } })).user
    },
    onSuccess: (me) => {
      // Nothing of whoever was signed in before may show.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== authCalls.setup.name })
      client.setQueryData(meKey, me)
      onDone(me)
    },
  })

  const submit = form.handleSubmit((values) => {
    const checked = kind === 'sign-up' ? SignUp.safeParse(values) : SignIn.safeParse(values)
    if (checked.success) return enter.mutate(values)
    for (const issue of checked.error.issues) {
      const field = issue.path[0]
      if (field === 'name' || field === 'email' || field === 'password') form.setError(field, { message: sentence(issue.message) })
    }
  })
  const { errors } = form.formState

  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {kind === 'sign-up' && <TextField label="Name" autoComplete="name" autoFocus error={errors.name?.message} {...form.register('name')} />}
      <TextField
        label="Email"
        type="email"
        autoComplete="email"
        autoFocus={kind === 'sign-in'}
        error={errors.email?.message}
        {...form.register('email')}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete={kind === 'sign-up' ? 'new-password' : 'current-password'}
        hint={kind === 'sign-up' ? 'At least 8 characters.' : undefined}
        error={errors.password?.message}
        {...form.register('password')}
      />
      {enter.error && (
        <p role="alert" className="flex gap-2 rounded-md bg-danger-tint px-3 py-2 text-ui text-danger">
          <CircleAlert size={16} className="mt-0.5 shrink-0" />
          {describeError(enter.error)}
        </p>
      )}
      <Button type="submit" look="primary" size="large" busy={enter.isPending} className="w-full">
        {kind === 'sign-up' ? 'Create account' : 'Sign in'}
      </Button>
    </form>
  )
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
