import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Item } from '#shared/sessions/items.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { asked } from '../testing/run-room.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { startTestServer } from '../testing/server.ts'
import type { TestServer } from '../testing/server.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('runs on %s', (kind) => {
  let model: ScriptedModel
  let server: TestServer
  let ada: TestPerson
  let mei: TestPerson
  let projectId: string
  let sessionId: string

  beforeAll(async () => {
    model = await startScriptedModel()
    server = await startTestServer({ database: kind, env: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' } })
    ada = await signUp(server.url, adaIs)
    mei = await signUp(server.url, meiIs)
    projectId = (await makeProject(ada)).id
    await join(ada, projectId, mei, 'editor')
  })
  afterAll(async () => {
    await server.stop()
    await model.stop()
  })
  beforeEach(async () => {
    model.answer(undefined)
    sessionId = (await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, {})).id
  })

  const send = (who: TestPerson, text: string, more: Record<string, unknown> = {}) =>
    who.json<{ itemId: string; runId?: string }>('POST', `/api/sessions/${sessionId}/messages`, { text, to: 'agent', ...more })
  const items = async () => (await ada.json<{ items: Item[] }>('GET', `/api/sessions/${sessionId}/items?limit=200`)).items.reverse()
  const runOf = (id: string | undefined) => ada.json<Run>('GET', `/api/runs/${id}`)
  const until = (id: string | undefined, status: string) =>
    vi.waitFor(async () => expect((await runOf(id)).status).toBe(status), { timeout: 10_000, interval: 20 })
  const spoken = async () => (await items()).flatMap((item) => (item.type === 'message' ? [`${item.author.name}: ${item.text}`] : []))
  const events = async () => (await items()).flatMap((item) => (item.type === 'event' ? [item.event] : []))

  test('a message begins a run; its answer is stored, in order and without gaps', async () => {
    model.queue(says('Hello Ada.'))
    const { runId } = await send(ada, 'Hello there, friend')
    await until(runId, 'completed')
    expect(await spoken()).toEqual(['Ada: Hello there, friend', 'Builder: Hello Ada.'])
    expect((await items()).map((item) => item.seq)).toEqual([1, 2, 3, 4])
    expect(await events()).toEqual(['run_started', 'run_completed'])
    const session = await ada.json<{ title: string; run: { status: string } }>('GET', `/api/sessions/${sessionId}`)
    expect(session).toMatchObject({ title: 'Hello there, friend', run: { status: 'completed' } })
  })

  test('the same message twice is one message', async () => {
    model.answer(says('Once.'))
    const id = 'msg_0190a6e0-0000-7000-8000-00000000000' + (kind === 'embedded' ? '1' : '2')
    const first = await send(ada, 'once', { id })
    const second = await send(ada, 'once', { id })
    expect(second).toEqual(first)
    await until(first.runId, 'completed')
    expect(await send(ada, 'once', { id })).toEqual(first)
    expect((await spoken()).filter((line) => line.startsWith('Ada'))).toHaveLength(1)
    const other = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, {})
    expect((await ada.fetch(`/api/sessions/${other.id}/messages`, { method: 'POST', body: { id, text: 'once' } })).status).toBe(409)
  })

  test('messages during a run: steer is read before the next call, queue when it has ended, with their authors', async () => {
    const { runId } = await send(ada, 'plan it')
    const first = await model.nextRequest()
    await send(mei, 'use blue', { mode: 'steer' })
    const later = await send(mei, 'and then tests', { mode: 'queue' })
    first.toolCall('update_todos', { todos: [{ text: 'a', status: 'pending' }] }).finish()
    const second = await model.nextRequest()
    expect(asked(second.request)).toContain('Mei: use blue')
    expect(asked(second.request)).not.toContain('and then tests')
    second.delta('Blue it is.').finish()
    const third = await model.nextRequest()
    expect(asked(third.request)).toContain('Mei: and then tests')
    third.delta('Tests too.').finish()
    await until(runId, 'completed')
    await vi.waitFor(async () => expect(await spoken()).toContain('Builder: Tests too.'))
    const message = (await items()).find((item) => item.id === later.itemId)
    expect(message).toMatchObject({ author: { name: 'Mei' }, mode: 'queue' })
    expect(message?.runId).not.toBe(runId)
    expect(await runOf(message?.runId)).toMatchObject({ causedBy: { name: 'Mei' } })
  })

  test('an interrupting message cuts the answer off, keeps what was said, and is read at once', async () => {
    const { runId } = await send(ada, 'write a long text')
    const first = await model.nextRequest()
    first.delta('Once upon a')
    await vi.waitFor(() => expect(server.parts.sessions.events.seqOf(sessionId as never)).toBeDefined())
    await new Promise<void>((resolve) => {
      void server.parts.sessions.events.subscribe(sessionId as never, null, () => resolve())
      first.delta(' time')
    })
    await send(mei, 'stop, do this', { mode: 'interrupt' })
    await first.request.aborted
    const second = await model.nextRequest()
    expect(asked(second.request)).toContain('Mei: stop, do this')
    second.delta('Done.').finish()
    await until(runId, 'completed')
    const said = (await items()).filter((item) => item.type === 'message' && item.author.kind === 'agent')
    expect(said[0]).toMatchObject({ text: 'Once upon a time', interrupted: true })
    expect(said[1]).toMatchObject({ text: 'Done.' })
    expect(await events()).toContain('run_interrupted')
  })

  test('a call that asks makes the run wait; of two decisions one wins, and the denial reaches the model', async () => {
    model.queue(calls(['run_command', { command: 'rm -rf build' }]))
    const { runId } = await send(ada, 'clean up')
    await until(runId, 'waiting')
    const { approvals } = await ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
    const approval = approvals[0]
    expect(approval).toMatchObject({ tool: 'run_command', args: { command: 'rm -rf build' }, requestedBy: { causedByName: 'Ada' } })
    const decide = (who: TestPerson, decision: string) =>
      who.fetch(`/api/approvals/${approval?.id}/decision`, { method: 'POST', body: { decision, reason: 'too wide' } })
    const answers = await Promise.all([decide(ada, 'deny'), decide(mei, 'deny')])
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409])
    const next = await model.nextRequest()
    expect(asked(next.request)).toContain('too wide')
    next.delta('Then not.').finish()
    await until(runId, 'completed')
    expect((await items()).find((item) => item.type === 'tool_call')).toMatchObject({ status: 'denied' })
  })

  test('a question waits for its answer, which becomes the result', async () => {
    model.queue(calls(['ask_people', { questions: [{ text: 'Which colour?' }] }]))
    const { runId } = await send(ada, 'paint')
    await until(runId, 'waiting')
    const question = (await items()).find((item) => item.type === 'question')
    const answer = { answers: [{ id: 'q1', text: 'green' }] }
    const path = `/api/sessions/${sessionId}/questions/${question?.id}/answer`
    expect((await mei.fetch(path, { method: 'POST', body: answer })).status).toBe(204)
    expect((await ada.fetch(path, { method: 'POST', body: answer })).status).toBe(409)
    const next = await model.nextRequest()
    expect(asked(next.request)).toContain('green')
    next.delta('Green.').finish()
    await until(runId, 'completed')
  })

  test('cancel is final, keeps what was said, and may be asked twice', async () => {
    const { runId } = await send(ada, 'talk')
    const first = await model.nextRequest()
    const heard = new Promise<void>((resolve) => void server.parts.sessions.events.subscribe(sessionId as never, null, () => resolve()))
    first.delta('Half a')
    await heard
    const cancelled = await mei.json<Run>('POST', `/api/runs/${runId}/cancel`)
    expect(cancelled.status).toBe('cancelled')
    await first.request.aborted
    expect(await mei.json<Run>('POST', `/api/runs/${runId}/cancel`)).toMatchObject({ status: 'cancelled' })
    expect(await spoken()).toEqual(['Ada: talk', 'Builder: Half a'])
    expect((await items()).at(-1)).toMatchObject({ event: 'run_cancelled', text: 'Mei stopped Builder.' })
  })

  test('pause waits for the step, resume goes on', async () => {
    const { runId } = await send(ada, 'two steps')
    const first = await model.nextRequest()
    await mei.json('POST', `/api/runs/${runId}/pause`)
    first.toolCall('update_todos', { todos: [{ text: 'a', status: 'pending' }] }).finish()
    await until(runId, 'paused')
    await ada.json('POST', `/api/runs/${runId}/resume`)
    const second = await model.nextRequest()
    second.delta('Done.').finish()
    await until(runId, 'completed')
    expect(await events()).toEqual(['run_started', 'run_paused', 'run_resumed', 'run_completed'])
  })

  test('a failing model ends the run with a clear item, and the session can be used again', async () => {
    model.queue((reply) => reply.fail(401))
    const { runId } = await send(ada, 'hello')
    await until(runId, 'failed')
    expect((await items()).at(-1)).toMatchObject({ type: 'event', event: 'run_failed', error: { code: 'bad_key' } })
    model.queue(says('Back.'))
    await until((await send(ada, 'again')).runId, 'completed')
    expect(await spoken()).toContain('Builder: Back.')
  })

  test('a message to the people begins nothing', async () => {
    const { runId, itemId } = await send(ada, 'lunch?', { to: 'people' })
    expect(runId).toBeUndefined()
    expect(await items()).toMatchObject([{ id: itemId, seq: 1, to: 'people' }])
  })

  test('a deleted session takes its run with it', async () => {
    await send(ada, 'go')
    const first = await model.nextRequest()
    expect((await ada.fetch(`/api/sessions/${sessionId}`, { method: 'DELETE' })).status).toBe(204)
    await first.request.aborted
    expect((await ada.fetch(`/api/sessions/${sessionId}`)).status).toBe(404)
  })
})
