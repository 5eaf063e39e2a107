import { z } from 'zod'
import { newId } from '#shared/base/new-id.ts'

/** Somebody with an API key, as a script would be. */
export type Visitor = {
  key: string
  userId: string
  post<T>(path: string, body: unknown): Promise<T>
}

const Signed = z.object({ user: z.object({ id: z.string() }) })
const Keyed = z.object({ secret: z.string() })

/** Whom `firstVisitor` signs up. */
export const account = { email: 'ada@example.com', password: 'a long enough password' }

/** Signs up the first account of a fresh server and makes a key. */
export async function firstVisitor(url: string): Promise<Visitor> {
  const headers = { 'content-type': 'application/json', origin: url }
  const signUp = await fetch(`${url}/api/auth/sign-up`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: 'Ada', ...account }),
  })
  const { user } = Signed.parse(await answerOf(signUp))
  const cookie = signUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const made = await fetch(`${url}/api/keys`, { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ name: 'bench' }) })
  const { secret } = Keyed.parse(await answerOf(made))
  return {
    key: secret,
    userId: user.id,
    async post<T>(path: string, body: unknown) {
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify(body),
      })
      return (await answerOf(answer)) as T
    },
  }
}

export async function makeRoom(visitor: Visitor): Promise<{ projectId: string; sessionId: string }> {
  const projectId = newId<string>('prj')
  const sessionId = newId<string>('ses')
  await visitor.post('/api/projects', { id: projectId, name: 'Bench' })
  await visitor.post(`/api/projects/${projectId}/sessions`, { id: sessionId, title: 'Bench' })
  return { projectId, sessionId }
}

async function answerOf(answer: Response): Promise<unknown> {
  if (!answer.ok) throw new Error(`${answer.status} from ${answer.url}: ${await answer.text()}`)
  return answer.json()
}
