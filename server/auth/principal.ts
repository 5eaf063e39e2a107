import type { KeyScope } from '#shared/auth/scopes.ts'
import type { AgentId, UserId } from '#shared/base/ids.ts'

/** A person, by a cookie session or an API key of theirs. Whoever a call or a document is served to today is one. */
export type Person = {
  kind: 'person'
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

/** What is no person may do what its scopes say, and nothing more: no role stands behind it. */
type Program = { name: string; scopes: readonly KeyScope[]; credentialId: string }

/** Who makes a request or holds a socket, and by what. Nothing makes any but a person yet. */
export type Principal = Person | ({ kind: 'agent'; agentId: AgentId } & Program) | ({ kind: 'service' } & Program)

/** Where only people may act: undefined for whatever else. */
export const personOf = (principal: Principal | undefined): Person | undefined => (principal?.kind === 'person' ? principal : undefined)

/** Whether it was given by what may do this: a person may do what their role allows, a key only what its scopes say as well. */
export const holds = ({ by, key }: Pick<Person, 'by' | 'key'>, scope: KeyScope): boolean => by !== 'key' || key?.scopes.includes(scope) === true
