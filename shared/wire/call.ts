import type { z } from 'zod'
import type { KeyScope } from '../auth/scopes.ts'
import type { Action } from '../projects/roles.ts'

/** What the `:id` in a call's path may name. How each leads to a project is the server's: `server/auth/resources.ts`. */
export type Resource = 'project' | 'session' | 'run' | 'approval'

/**
 * Who may make a call.
 *   public   anybody
 *   account  whoever is signed in
 *   admin    the workspace's admin
 *   else     a member whose role allows `action` in the project that `resource` names by the path's `:id`
 */
export type Access = { kind: 'public' } | { kind: 'account' } | { kind: 'admin' } | { kind: 'member'; resource: Resource; action: Action }

export const open = { kind: 'public' } as const
export const account = { kind: 'account' } as const
export const member = <R extends Resource>(resource: R, action: Action) => ({ kind: 'member', resource, action }) as const

type Schema = z.ZodType

/**
 * One HTTP call, defined once: the server serves it, the client makes it, the API's description and the authorisation
 * matrix are read from it. `answer: 'raw'` is a body that is not JSON (a file, an event stream).
 */
export type Call<
  P extends Schema | undefined = Schema | undefined,
  Q extends Schema | undefined = Schema | undefined,
  B extends Schema | undefined = Schema | undefined,
  A extends Schema | 'raw' | 'empty' = Schema | 'raw' | 'empty',
  X extends Access = Access,
> = {
  name: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `:name` parameters; a last `*` takes the rest of the path as parameter `path`. */
  path: string
  summary: string
  access: X
  /** What a key needs for it, where `scopeFor` would say something else. `person`: no key is enough. */
  keys: KeyScope | 'person' | undefined
  params: P
  query: Q
  /** JSON body; `'raw'` bodies are read by the handler. */
  body: B
  answer: A
  /** Of a JSON body; 1 MB unless given. */
  maxBodyBytes: number | undefined
  /** The status of success. */
  status: 200 | 201 | 202 | 204
}

export function defineCall<
  const A extends Schema | 'raw' | 'empty',
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  const X extends Access = Access,
>(call: {
  name: string
  method: Call['method']
  path: string
  summary: string
  access: X
  keys?: Call['keys']
  params?: P
  query?: Q
  body?: B
  answer: A
  maxBodyBytes?: number
  status?: Call['status']
}): Call<P, Q, B, A, X> {
  return {
    ...call,
    keys: call.keys,
    params: call.params as P,
    query: call.query as Q,
    body: call.body as B,
    maxBodyBytes: call.maxBodyBytes,
    status: call.status ?? (call.answer === 'empty' ? 204 : 200),
  }
}

/** What a caller passes and what comes back, parsed. */
export type Out<S> = S extends z.ZodType ? z.output<S> : undefined
export type In<S> = S extends z.ZodType ? z.input<S> : undefined
export type Answer<C extends Call> = C['answer'] extends z.ZodType ? z.output<C['answer']> : undefined
