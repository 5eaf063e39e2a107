import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { needs } from '../testing/require.ts'
import { calls, says } from '../testing/scripted-model.ts'

/** A red picture of one pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64')
const url = `data:image/png;base64,${png.toString('base64')}`

describe('pictures that people attach', await needs('sandbox'), () => {
  let room: RunRoom
  beforeAll(async () => {
    room = await openRunRoom({ env: { ATRIUM_SANDBOX: 'local', ATRIUM_MODEL: 'gpt-4o' } })
    room.model.lists(['gpt-4o', 'gpt-3.5-turbo'])
    await room.ada.fetch(`/api/projects/${room.projectId}/files/red.png`, { method: 'PUT', body: new Uint8Array(png) })
  })
  afterAll(() => room?.close())

  const lastSaid = () =>
    ((room.model.requests.at(-1)?.raw.messages ?? []) as { role: string; content: unknown }[]).findLast(({ role }) => role === 'user')

  test('a model that sees is shown them, one that does not is told in words', async () => {
    const session = await room.openSession()
    room.model.queue(says('Red.'))
    const first = await session.send(room.ada, 'What is this?\n\n`red.png`', { attachments: ['red.png'] })
    await session.until(first.runId, 'completed')
    expect(lastSaid()).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: expect.stringMatching(/^<said-\w+ by="Ada" id="\w+" role="owner">\nWhat is this\?\n\n`red.png`$/) },
        { type: 'image_url', image_url: { url } },
        { type: 'text', text: expect.stringMatching(/^<\/said-\w+>$/) },
      ],
    })
    expect((await session.items()).find((item) => item.type === 'message')).toMatchObject({ attachments: ['red.png'] })

    room.model.queue(says('I cannot see it.'))
    const second = await session.send(room.ada, 'And now?', { model: 'gpt-3.5-turbo' })
    await session.until(second.runId, 'completed')
    expect(JSON.stringify(room.model.requests.at(-1)?.raw)).not.toContain('image_url')
    expect(JSON.stringify(room.model.requests.at(-1)?.raw)).toContain('The attached picture red.png is not shown: this model cannot see pictures.')
  })

  test('what waits in the queue keeps its pictures until it is read, and says what it hands on', async () => {
    const session = await room.openSession()
    const { itemId } = await session.send(room.mei, 'Use red', { to: 'people' })
    room.model.queue(calls(['update_todos', { todos: [{ text: 'Paint', status: 'pending' }] }]))
    const { runId } = await session.send(room.ada, 'Paint it')
    const held = await room.model.nextRequest()
    await session.send(room.mei, 'Like this', { mode: 'steer', attachments: ['red.png'], replyTo: itemId })
    room.model.queue(says('Red it is.'))
    held.toolCall('update_todos', { todos: [{ text: 'Paint', status: 'in_progress' }] }).finish()
    await session.until(runId, 'completed')
    expect(JSON.stringify(room.model.requests.at(-1)?.raw)).toContain(url)
    expect((await session.items()).findLast((item) => item.type === 'message' && item.author.name === 'Mei')).toMatchObject({
      attachments: ['red.png'],
      replyTo: itemId,
    })
  })

  test('a path that leaves the workspace is no file', async () => {
    const session = await room.openSession()
    const answer = await room.ada.fetch(`/api/sessions/${session.id}/messages`, {
      method: 'POST',
      body: { text: 'x', attachments: ['../secret.png'] },
    })
    expect(answer.status).toBe(400)
  })
})
