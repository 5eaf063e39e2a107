import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ItemId, RunId, SessionId } from '#shared/base/ids.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import type { TestPerson } from '../testing/people.ts'
import { openRunRoom, type RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

const text = 'one\ntwo\nthree\nfour\nfive\nsix\n'

describe('an edit of the agent is undone', await needs('sandbox'), () => {
  let room: RunRoom
  let { model, ada, mei, tomas, projectId } = {} as RunRoom
  let sessionId: SessionId

  beforeAll(async () => {
    room = await openRunRoom({ env: { ATRIUM_SANDBOX: 'local' } })
    ;({ model, ada, mei, tomas, projectId } = room)
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    sessionId = (await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})).id
  })

  const put = (path: string, content: string) => ada.fetch(`/api/projects/${projectId}/files/${path}`, { method: 'PUT', body: { content } })
  const read = async (path: string) => (await ada.fetch(`/api/projects/${projectId}/files/${path}`)).text()
  const undo = (who: TestPerson, itemId: ItemId) => who.fetch(`/api/sessions/${sessionId}/items/${itemId}/undo-edit`, { method: 'POST' })

  /** What an agent did, as the item that shows it. */
  async function agentDoes(name: 'edit_file' | 'write_file', args: Record<string, unknown>): Promise<ToolCallItem> {
    model.queue(calls([name, args]), says('Done.'))
    const { runId } = await ada.json<{ runId: RunId }>('POST', `/api/sessions/${sessionId}/messages`, { text: 'do it', to: 'agent' })
    await vi.waitFor(async () => expect(await ada.json('GET', `/api/runs/${runId}`)).toMatchObject({ status: 'completed' }), { timeout: 15_000 })
    const { items } = await ada.json<{ items: Item[] }>('GET', `/api/sessions/${sessionId}/items`)
    const item = items.find((one) => one.type === 'tool_call' && one.runId === runId)
    if (item?.type !== 'tool_call' || item.status !== 'ok') throw new Error(`the agent did not: ${JSON.stringify(item)}`)
    return item
  }

  test('where it stands now, as an edit of Mei; a second time, and two at once, it is undone once', async () => {
    await put('plan.txt', text)
    const item = await agentDoes('edit_file', { path: 'plan.txt', old: 'three', new: '3\n3b' })
    await put('plan.txt', `zero\n${await read('plan.txt')}`)
    expect((await undo(tomas, item.id)).status).toBe(403)
    const answers = await Promise.all([undo(mei, item.id), undo(ada, item.id)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const changed = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { changed: boolean }).changed))
    expect(changed.filter(Boolean)).toHaveLength(1)
    expect(await read('plan.txt')).toBe(`zero\n${text}`)
  })

  test('what people changed there meanwhile stays, and they are told so', async () => {
    await put('plan.txt', text)
    const item = await agentDoes('edit_file', { path: 'plan.txt', old: 'three', new: '3' })
    const theirs = (await read('plan.txt')).replace('3', 'drei')
    await put('plan.txt', theirs)
    const answer = await undo(mei, item.id)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({
      error: { code: 'conflict', message: 'plan.txt has changed at that place since, so nothing was undone.' },
    })
    expect(await read('plan.txt')).toBe(theirs)
  })

  test('a file that the agent made goes, unless people wrote in it; one that it replaced comes back', async () => {
    const made = await agentDoes('write_file', { path: 'new.txt', content: 'hello\n' })
    await put('new.txt', 'hello Mei\n')
    expect((await undo(mei, made.id)).status).toBe(409)
    await put('new.txt', 'hello\n')
    expect(await (await undo(mei, made.id)).json()).toEqual({ path: 'new.txt', changed: true })
    expect((await ada.fetch(`/api/projects/${projectId}/files/new.txt`)).status).toBe(404)
    expect(await (await undo(mei, made.id)).json()).toEqual({ path: 'new.txt', changed: false })
    await put('old.txt', text)
    const written = await agentDoes('write_file', { path: 'old.txt', content: 'all new\n' })
    expect((await undo(mei, written.id)).status).toBe(200)
    expect(await read('old.txt')).toBe(text)
  })

  test('only an edit can be undone, and only in its own session', async () => {
    const { itemId } = await ada.json<{ itemId: ItemId }>('POST', `/api/sessions/${sessionId}/messages`, { text: 'hello', to: 'people' })
    expect((await undo(ada, itemId)).status).toBe(400)
    const item = await agentDoes('write_file', { path: 'a.txt', content: 'a\n' })
    const other = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
    expect((await ada.fetch(`/api/sessions/${other.id}/items/${item.id}/undo-edit`, { method: 'POST' })).status).toBe(404)
  })
})
