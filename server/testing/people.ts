import type { KeyScope } from '#shared/auth/scopes.ts'
import type { Me } from '#shared/auth/schema.ts'
import { projectCalls } from '#shared/projects/api.ts'
import type { Project, Role } from '#shared/projects/schema.ts'

/** Somebody who signed up over HTTP. */
export type TestPerson = Me & {
  /** For a `cookie` header. */
  cookie: string
  password: string
  /** A request with the person's cookie. `body` that is not a string is sent as JSON. */
  fetch: (path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }) => Promise<Response>
  /** The JSON of an answer that must be a success. */
  json: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>
  /** A new API key, `sk_…`; with the usual scopes unless others are given. */
  makeKey: (scopes?: readonly KeyScope[], name?: string) => Promise<string>
}

export const ada = { name: 'Ada', email: 'ada@example.org' }
export const mei = { name: 'Mei', email: 'mei@example.org' }
export const tomas = { name: 'Tomás', email: 'tomas@example.org' }

const password = 'correct horse battery'

/** @throws when the server refuses. */
export async function signUp(url: string, who: { name: string; email: string; invite?: string; setupCode?: string }): Promise<TestPerson> {
  const answer = await send(url, '/api/auth/sign-up', { method: 'POST', body: { ...who, password } })
  const { user } = await read<{ user: Me }>(answer)
  return asPerson(url, user, cookieOf(answer))
}

/** `name=value` of the session cookie that an answer sets. */
export function cookieOf(answer: Response): string {
  const cookie = answer.headers
    .getSetCookie()
    .find((line) => /^(?:__Host-)?atrium_session=./.test(line))
    ?.split(';')[0]
  if (!cookie) throw new Error('the answer sets no session cookie')
  return cookie
}

/** Somebody who is signed in, at another address of the server. */
export function asPerson(url: string, user: Me, cookie: string): TestPerson {
  const person: TestPerson = {
    ...user,
    cookie,
    password,
    fetch: (path, init = {}) => send(url, path, { ...init, headers: { cookie, ...init.headers } }),
    json: async (method, path, body) => read(await person.fetch(path, { method, body })),
    makeKey: async (scopes, name = 'script') =>
      (await person.json<{ secret: string }>('POST', '/api/keys', { name, ...(scopes && { scopes }) })).secret,
  }
  return person
}

export function send(
  url: string,
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    return fetch(`${url}${path}`, { method, headers, body: (body as BodyInit | undefined) ?? null })
  }
  return fetch(`${url}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export const makeProject = (owner: TestPerson, name = 'Garden'): Promise<Project> =>
  owner.json<Project>('POST', projectCalls.createProject.path, { name })

/** By an invite link, as people do. */
export async function join(owner: TestPerson, projectId: string, guest: TestPerson, role: Exclude<Role, 'owner'>): Promise<void> {
  const { token } = await owner.json<{ token: string }>('POST', `/api/projects/${projectId}/invites`, { role })
  await guest.json('POST', `/api/invites/${token}/accept`)
}
