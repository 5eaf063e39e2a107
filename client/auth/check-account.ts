import { Email, SignIn, SignUp } from '#shared/auth/schema.ts'

/** `setupCode` is there where the first account needs it. */
export type AccountValues = { name: string; email: string; password: string; setupCode?: string }

const longestPassword = 200

/** What is wrong with each field, as a key of the namespace `auth`; empty when it can be sent. */
export function checkAccount(kind: 'sign-up' | 'sign-in', { name, email, password, setupCode }: AccountValues) {
  const schema = kind === 'sign-up' ? SignUp : SignIn
  if (schema.safeParse({ name, email, password, setupCode }).success && password !== '' && setupCode?.trim() !== '') return {}
  const isNew = kind === 'sign-up'
  return {
    ...(setupCode?.trim() === '' && { setupCode: 'setupCodeNeeded' as const }),
    ...(isNew && name.trim() === '' && { name: 'nameNeeded' as const }),
    ...(isNew && name.trim() !== '' && !SignUp.shape.name.safeParse(name).success && { name: 'nameLong' as const }),
    ...(!Email.safeParse(email).success && { email: 'emailWrong' as const }),
    ...(password === '' && !isNew && { password: 'passwordNeeded' as const }),
    ...(isNew && password.length < 8 && { password: 'passwordShort' as const }),
    ...(password.length > longestPassword && { password: 'passwordLong' as const }),
  } satisfies Partial<Record<keyof AccountValues, string>>
}
