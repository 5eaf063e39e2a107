import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { OfferedModels } from '#shared/models/schema.ts'
import type { Run } from '#shared/runs/schema.ts'
import { eq } from 'drizzle-orm'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { says, startScriptedModel } from '../testing/scripted-model.ts'
import { runs, steps } from './table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const todo: [string, unknown] = ['update_todos', { todos: [{ text: 'a', status: 'pending' }] }]

describeOnDatabases('the model of a run on %s', (kind) => {
  let room: RunRoom
  let ahead = 0
  beforeAll(async () => {
    room = await openRunRoom({ database: kind, clock: { now: () => Date.now() + ahead } })
    room.model.lists(['scripted', 'large', 'small', 'whisper-1'])
  })
  afterAll(() => room.close())

  const modelsAsked = (from: number) => room.model.requests.slice(from).map(({ body }) => body.model)
  const modelsOfSteps = async (runId: string | undefined) =>
    (
      await room.server.parts.database.db
        .select()
        .from(steps)
        .where(eq(steps.runId, runId as never))
    )
      .filter((step) => step.kind === 'model')
      .toSorted((a, b) => a.turn - b.turn)
      .map((step) => step.name)

  test('everybody who is signed in reads what there is to choose', async () => {
    const wanted = {
      models: [
        { id: 'scripted', name: 'scripted', isDefault: true },
        { id: 'large', name: 'large', isDefault: false },
        { id: 'small', name: 'small', isDefault: false },
      ],
    }
    for (const person of [room.ada, room.tomas]) expect(await person.json<OfferedModels>('GET', '/api/models')).toEqual(wanted)
    expect((await fetch(`${room.server.url}/api/models`)).status).toBe(401)
  })

  test('a message names the model that answers it; run, step, answer and count say which it was', async () => {
    const session = await room.openSession()
    const counted: unknown[] = []
    await room.server.parts.sessions.events.subscribe(session.id, null, ({ event }) => event.type === 'token_usage' && counted.push(event.model))
    const from = room.model.requests.length
    room.model.queue(says('From the large one.'))
    const { runId } = await session.send(room.ada, 'Which are you?', { model: 'large' })
    await session.until(runId, 'completed')
    expect(modelsAsked(from)).toEqual(['large'])
    expect(await session.runOf(runId)).toMatchObject({ model: 'large' })
    expect(await modelsOfSteps(runId)).toEqual(['large'])
    const messages = (await session.items()).filter((item) => item.type === 'message')
    expect(messages.map((item) => item.model)).toEqual(['large', 'large'])
    expect(counted).toEqual(['large'])
  })

  test('nobody chose: the default answers, whatever the run before had', async () => {
    const session = await room.openSession()
    const from = room.model.requests.length
    room.model.queue(says('One.'), says('Two.'))
    const first = await session.send(room.ada, 'one', { model: 'small' })
    await session.until(first.runId, 'completed')
    const second = await session.send(room.ada, 'two')
    await session.until(second.runId, 'completed')
    expect(modelsAsked(from)).toEqual(['small', 'scripted'])
    expect(await session.runOf(second.runId)).toMatchObject({ model: 'scripted' })
  })

  test('a steering message changes the model with the next call; one that names none changes nothing', async () => {
    const session = await room.openSession()
    const { runId } = await session.send(room.ada, 'plan it', { model: 'small' })
    const first = await room.model.nextRequest()
    expect(first.request.body.model).toBe('small')
    await session.send(room.mei, 'and neatly', { mode: 'steer' })
    first.toolCall(...todo).finish()
    const second = await room.model.nextRequest()
    expect(second.request.body.model).toBe('small')
    await session.send(room.mei, 'with more thought', { mode: 'steer', model: 'large' })
    expect(await session.runOf(runId)).toMatchObject({ model: 'small' })
    second.toolCall(...todo).finish()
    const third = await room.model.nextRequest()
    expect(third.request.body.model).toBe('large')
    expect(await session.runOf(runId)).toMatchObject({ model: 'large' })
    third.delta('Done.').finish()
    await session.until(runId, 'completed')
    expect(await modelsOfSteps(runId)).toEqual(['small', 'small', 'large'])
  })

  test('an interrupting message changes the model at once; what was cut off keeps the name of its own', async () => {
    const session = await room.openSession()
    const { runId } = await session.send(room.ada, 'tell a long story', { model: 'small' })
    const first = await room.model.nextRequest()
    await new Promise<void>((resolve) => {
      void room.server.parts.sessions.events.subscribe(session.id, null, ({ event }) => event.type === 'text' && resolve())
      first.delta('Once upon a time')
    })
    await session.send(room.mei, 'better', { mode: 'interrupt', model: 'large' })
    const second = await room.model.nextRequest()
    expect(second.request.body.model).toBe('large')
    second.delta('Better.').finish()
    await session.until(runId, 'completed')
    const said = (await session.items()).flatMap((item) => (item.type === 'message' && item.author.kind === 'agent' ? [[item.text, item.model]] : []))
    expect(said).toEqual([
      ['Once upon a time', 'small'],
      ['Better.', 'large'],
    ])
  })

  test('of messages that waited together the last that names a model decides for the run they begin', async () => {
    const session = await room.openSession()
    const { runId } = await session.send(room.ada, 'first', { model: 'small' })
    const first = await room.model.nextRequest()
    await session.send(room.ada, 'second', { mode: 'queue', model: 'large' })
    await session.send(room.mei, 'third', { mode: 'queue', model: 'scripted' })
    const last = await session.send(room.ada, 'fourth', { mode: 'queue' })
    first.delta('First.').finish()
    const second = await room.model.nextRequest()
    expect(second.request.body.model).toBe('scripted')
    second.delta('Rest.').finish()
    await session.until(runId, 'completed')
    const { runId: next } = (await session.items()).find((item) => item.id === last.itemId) ?? {}
    await session.until(next, 'completed')
    expect(await session.runOf(next)).toMatchObject({ model: 'scripted', causedBy: { name: 'Ada' } })
  })

  test.each([
    ['one that is not offered', 'huge', /"huge".*GET \/api\/models/],
    ['one that does not chat', 'whisper-1', /"whisper-1"/],
    ['nothing', '', /model/],
    ['two lines', 'lar\nge', /model/],
    ['201 characters', 'x'.repeat(201), /model/],
    ['no text', 7, /model/],
  ])('%s is refused, and nothing is said', async (_, model, why) => {
    const session = await room.openSession()
    const answer = await room.ada.fetch(`/api/sessions/${session.id}/messages`, { method: 'POST', body: { text: 'hello', to: 'agent', model } })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(why)
    expect(await session.items()).toEqual([])
  })

  test('a message that was accepted is not refused later because its model went away', async () => {
    const session = await room.openSession()
    room.model.lists(['scripted', 'large', 'small', 'passing'])
    room.model.queue(says('Once.'))
    const id = newId<ItemId>('itm')
    // What has just come is looked for once more, though not each time.
    ahead += 11_000
    const first = await session.send(room.ada, 'once', { id, model: 'passing' })
    await session.until(first.runId, 'completed')
    await room.server.parts.database.db
      .update(runs)
      .set({ model: 'gone' })
      .where(eq(runs.id, first.runId as never))
    room.model.lists(['scripted', 'large', 'small'])
    expect(await session.send(room.ada, 'once', { id, model: 'gone' })).toEqual(first)
  })
})

test('a run that is taken up after kill -9 keeps its model, whatever the default is by then', async () => {
  const model = await startScriptedModel()
  model.lists(['large', 'old', 'new'])
  const env = { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'old', ATRIUM_SANDBOX: 'off' }
  const server = await startCrashableServer(env)
  try {
    const ada = await signUp(server.url, adaIs)
    const { id: projectId } = await makeProject(ada)
    const begin = async (more: Record<string, unknown>) => {
      const { id } = await ada.json<{ id: SessionId }>('POST', `/api/projects/${projectId}/sessions`, {})
      return ada.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text: 'go', to: 'agent', ...more })
    }
    const ask = async (more: Record<string, unknown>) => {
      const { runId } = await begin(more)
      return { runId, asked: (await model.nextRequest()).request.body.model }
    }
    const chosen = await ask({ model: 'large' })
    const standard = await ask({})
    expect([chosen.asked, standard.asked]).toEqual(['large', 'old'])
    await server.crash()

    env.ATRIUM_MODEL = 'new'
    model.answer(says('Done.'))
    const from = model.requests.length
    await server.resume()
    for (const { runId, asked } of [chosen, standard]) {
      const run = () => ada.json<Run>('GET', `/api/runs/${runId}`)
      await vi.waitFor(async () => expect(await run()).toMatchObject({ status: 'completed', model: asked }), { timeout: 30_000, interval: 50 })
    }
    expect(
      model.requests
        .slice(from)
        .map(({ body }) => body.model)
        .toSorted(),
    ).toEqual(['large', 'old'])
    const { runId } = await begin({})
    await vi.waitFor(async () => expect(await ada.json<Run>('GET', `/api/runs/${runId}`)).toMatchObject({ status: 'completed', model: 'new' }))
  } finally {
    await server.stop()
    await model.stop()
  }
})
