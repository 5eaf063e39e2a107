import type { KeyScope } from '#shared/auth/scopes.ts'
import type { UserId } from '#shared/base/ids.ts'

/** Who makes a request or holds a socket, and by what: a cookie session or an API key. */
export type Principal = {
  userId: UserId
  name: string
  admin: boolean
  /** `cookie` requests are checked for their origin; `key` ones need none. */
  by: 'cookie' | 'key'
  /** Id of the cookie session (hashed) or of the key: what `credentialEnded` names. */
  credentialId: string
  /** Of a key: what people call it, and what it may do. */
  key?: { name: string; scopes: readonly KeyScope[] }
}

/** Whether it was given by what may do this: a person may do what their role allows, a key only what its scopes say as well. */
export const holds = ({ by, key }: Pick<Principal, 'by' | 'key'>, scope: KeyScope): boolean => by !== 'key' || key?.scopes.includes(scope) === true
