import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { send } from '../testing/people.ts'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

let room: RunRoom
beforeAll(async () => {
  room = await openRunRoom()
})
afterAll(() => room.close())

test('calls without a body take none, or an empty object', async () => {
  const session = await room.openSession()
  const { runId } = await session.send(room.ada, 'go')
  const reply = await room.model.nextRequest()
  for (const body of [undefined, {}]) {
    for (const call of ['pause', 'resume', 'pause', 'resume', 'cancel', 'cancel']) {
      const answer = await room.mei.fetch(`/api/runs/${runId}/${call}`, { method: 'POST', body })
      // The second time around the run has ended, which only cancelling does not mind.
      expect([call, answer.status]).toEqual([call, body && call !== 'cancel' ? 409 : 200])
    }
  }
  await reply.request.aborted
  for (const body of [undefined, {}]) {
    const { token } = await room.ada.json<{ token: string }>('POST', `/api/projects/${room.projectId}/invites`, { role: 'viewer' })
    expect((await room.mei.fetch(`/api/invites/${token}/accept`, { method: 'POST', body })).ok).toBe(true)
  }
})

test('a queued message that was read or removed can no longer be changed', async () => {
  const session = await room.openSession()
  const { runId } = await session.send(room.ada, 'go')
  const first = await room.model.nextRequest()
  const { itemId } = await session.send(room.mei, 'and then', { mode: 'queue' })
  const path = `/api/sessions/${session.id}/queue/${itemId}`
  expect((await room.tomas.fetch(path, { method: 'PATCH', body: { text: 'x' } })).status).toBe(403)
  expect(await room.ada.json('PATCH', path, { mode: 'steer' })).toMatchObject({ mode: 'steer', text: 'and then' })
  expect(await room.ada.json('PATCH', path, { mode: 'queue', text: 'and after that' })).toMatchObject({ mode: 'queue', text: 'and after that' })
  expect((await room.ada.fetch(path, { method: 'PATCH', body: { text: ' ' } })).status).toBe(400)
  first.delta('Gone.').finish()
  await session.until(runId, 'completed')
  const second = await room.model.nextRequest()
  expect((await room.ada.fetch(path, { method: 'PATCH', body: { text: 'too late' } })).status).toBe(409)
  expect((await room.ada.fetch(path, { method: 'DELETE' })).status).toBe(409)
  second.delta('Done.').finish()
})

test('a viewer reads and does nothing else; what is not there is not found, as for a stranger', async () => {
  const session = await room.openSession()
  const { runId } = await session.send(room.ada, 'go')
  const reply = await room.model.nextRequest()
  const posts = [`/api/sessions/${session.id}/messages`, ...['cancel', 'pause', 'resume'].map((call) => `/api/runs/${runId}/${call}`)]
  for (const path of posts) expect((await room.tomas.fetch(path, { method: 'POST', body: { text: 'hi' } })).status).toBe(403)
  for (const path of [`/api/runs/${runId}`, `/api/sessions/${session.id}`, `/api/sessions/${session.id}/items`]) {
    expect((await room.tomas.fetch(path)).status).toBe(200)
    expect((await send(room.server.url, path)).status).toBe(401)
  }
  reply.delta('Done.').finish()
  await session.until(runId, 'completed')

  const gone = [
    ['GET', `/api/runs/${newId('run')}`],
    ['POST', `/api/runs/${newId('run')}/cancel`],
    ['POST', `/api/sessions/${newId('ses')}/messages`],
    ['GET', `/api/sessions/${newId('ses')}/items`],
    ['POST', `/api/sessions/${session.id}/questions/${newId('itm')}/answer`],
    ['POST', `/api/approvals/${newId('apr')}/decision`],
  ] as const
  for (const [method, path] of gone) {
    const body = method === 'POST' ? { text: 'hi', answers: [{ id: 'q1', text: 'x' }], decision: 'approve' } : undefined
    expect([path, (await room.ada.fetch(path, { method, body })).status]).toEqual([path, 404])
  }
})

describeOnDatabases('on %s', (kind) => {
  test('one id sent to two sessions at the same instant is one message', async () => {
    const own = kind === 'embedded' ? room : await openRunRoom({ database: kind })
    const post = (who: RunRoom['ada'], id: SessionId, body: Record<string, unknown>) =>
      who.fetch(`/api/sessions/${id}/messages`, { method: 'POST', body })
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await own.openSession(), await own.openSession()]
      // In one session it would be an item, in the other it would wait: two tables.
      await one.send(own.ada, 'go')
      const reply = await own.model.nextRequest()
      const id = newId<ItemId>('itm')
      const answers = await Promise.all([
        post(own.ada, one.id, { id, text: 'twice', to: 'agent', mode: 'queue' }),
        post(own.ada, other.id, { id, text: 'twice', to: 'people' }),
        post(own.ada, one.id, { id, text: 'twice', to: 'agent', mode: 'queue' }),
      ])
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202, 409]))
      expect(answers[0]?.status).toBe(answers[2]?.status)
      expect((await post(own.mei, answers[0]?.ok ? one.id : other.id, { id, text: 'mine' })).status).toBe(409)
      reply.delta('Done.').finish()
      if (answers[0]?.ok) (await own.model.nextRequest()).delta('Done.').finish()
    }
    if (own !== room) await own.close()
  })
})
