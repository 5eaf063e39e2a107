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
}
