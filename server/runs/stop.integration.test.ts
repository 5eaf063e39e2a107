import { expect, test, vi } from 'vitest'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { allItems } from '../testing/room-crash.ts'
import { says, startScriptedModel } from '../testing/scripted-model.ts'

test('a stop in order, right after a run or in the middle of one, loses nothing and warns of nothing', async () => {
  const model = await startScriptedModel()
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted', ATRIUM_SIGNUP: 'open', ATRIUM_SANDBOX: 'off' }
  const server = await startCrashableServer(env)
  try {
    const ada = await signUp(server.url, adaIs)
    const project = await makeProject(ada)
    const { id } = await ada.json<{ id: string }>('POST', `/api/projects/${project.id}/sessions`, {})
    const send = (text: string) => ada.json('POST', `/api/sessions/${id}/messages`, { text, to: 'agent' })
    const status = async () => (await ada.json<SessionSummary>('GET', `/api/sessions/${id}`)).run?.status
    const completed = () => vi.waitFor(async () => expect(await status()).toBe('completed'), { timeout: 10_000, interval: 5 })

    model.queue(says('Hello.'))
    await send('hello')
    await completed()
    await server.pause()
    expect(server.output()).not.toMatch(/"level":[456]0/)
    await server.resume()
    expect(await status()).toBe('completed')

    await send('a long one')
    const cut = await model.nextRequest()
    cut.delta('Once upon')
    await server.pause()
    await cut.request.aborted
    expect(server.output().split('Atrium is ready').at(-1)).not.toMatch(/"level":[456]0/)
    model.queue(says('Twice upon a time.'))
    await server.resume()
    await completed()
    const texts = (await allItems(ada, id)).flatMap((item) => (item.type === 'message' ? [item.text] : []))
    expect(texts.at(-1)).toBe('Twice upon a time.')
  } finally {
    await server.stop()
    await model.stop()
  }
})
