import { z } from 'zod'
import { ApiKeyId, UserId } from '../base/ids.ts'
import { oneLine } from '../base/one-line.ts'
import { EpochMs } from '../base/time.ts'
import { KeyScope, KeyScopes, usualScopes } from './scopes.ts'

export const Name = z.string().trim().min(1, 'a name is needed').max(80)
export const Email = z.string().trim().toLowerCase().pipe(z.email('expected an email address').max(254))
/** Only the length is checked: rules about characters make passwords worse (NIST SP 800-63B). */
export const Password = z.string().min(8, 'at least 8 characters').max(200)

/** `setupCode`: for the first account, where the server is not reached on its own machine. */
export const SignUp = z.object({
  name: oneLine(Name),
  email: Email,
  password: Password,
  invite: z.string().max(200).optional(),
  setupCode: z.string().max(100).optional(),
})
export type SignUp = z.infer<typeof SignUp>
export const SignIn = z.object({ email: Email, password: z.string().max(200) })
export type SignIn = z.infer<typeof SignIn>

/** What the sign-up page must know. `setupCode`: the first account needs the code that the server printed. */
export const Setup = z.object({ firstAccount: z.boolean(), signUp: z.enum(['open', 'invite']), setupCode: z.boolean().optional() })
export type Setup = z.infer<typeof Setup>

/** A person as everyone in their rooms may see them. */
export const Person = z.object({ id: UserId, name: z.string() })
export type Person = z.infer<typeof Person>

export const Me = Person.extend({ email: z.string(), admin: z.boolean(), createdAt: EpochMs })
export type Me = z.infer<typeof Me>

export const ProfilePatch = z.object({ name: oneLine(Name) })
/** `current` is asked again, so that an unlocked screen does not give the account away. */
export const PasswordChange = z.object({ current: z.string().max(200), next: Password })
export type PasswordChange = z.infer<typeof PasswordChange>

/** Names a sign-in among those of one person; nobody can sign in with it. */
export const SignInId = z.string().regex(/^[0-9a-f]{64}$/, 'expected the id of a sign-in')
/** A browser in which somebody is signed in. `current`: the one that asks. */
export const SignInPlace = z.object({
  id: SignInId,
  userAgent: z.string(),
  createdAt: EpochMs,
  /** To the minute. */
  lastSeenAt: EpochMs,
  current: z.boolean(),
})
export type SignInPlace = z.infer<typeof SignInPlace>

/** `secret` (`sk_…`) is shown once, in the answer that makes the key. */
export const ApiKey = z.object({ id: ApiKeyId, name: Name, createdAt: EpochMs, lastUsedAt: EpochMs.nullable(), scopes: z.array(KeyScope) })
export type ApiKey = z.infer<typeof ApiKey>
export const NewApiKey = z.object({ name: oneLine(Name), scopes: KeyScopes.default([...usualScopes]) })
export const MadeApiKey = ApiKey.extend({ secret: z.string() })
