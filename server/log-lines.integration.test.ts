import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { ItemId } from '#shared/base/ids.ts'
import { migrationsFolder } from './db/migrations-folder.ts'
import { captureLog } from './testing/captured-log.ts'
import type { LogLine } from './testing/captured-log.ts'
import { makeProject, send } from './testing/people.ts'
import type { TestPerson } from './testing/people.ts'
import { openRunRoom } from './testing/run-room.ts'
import type { RunRoom } from './testing/run-room.ts'
import { calls, says } from './testing/scripted-model.ts'

const info = 30

describe('lines of the log', () => {
  const log = captureLog()
  let room: RunRoom
  let session: Awaited<ReturnType<RunRoom['openSession']>>
  beforeAll(async () => {
    room = await openRunRoom({ log: log.log })
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    session = await room.openSession()
  })

  /** Over HTTP, and with the id that the answer gives. */
  async function say(who: TestPerson, text: string) {
    const answer = await who.fetch(`/api/sessions/${session.id}/messages`, { method: 'POST', body: { text, to: 'agent' } })
    const { runId, itemId } = (await answer.json()) as { runId: string; itemId: ItemId }
    return { runId, itemId, requestId: answer.headers.get('x-request-id') ?? '' }
  }
  const messages = (lines: readonly LogLine[]) => lines.map(({ msg }) => msg)
  const ended = (runId: string) =>
    vi.waitFor(() => expect(log.saying('run ended').some((line) => line.runId === runId)).toBe(true), { timeout: 10_000, interval: 10 })
  const fields = (who: TestPerson, runId: string) => ({ userId: who.id, projectId: room.projectId, sessionId: session.id, runId })

  test('one request leads to its run: start, model call and end have its id, and whose and where it is', async () => {
    room.model.queue((reply) => reply.delta('Once upon a time.').usage(120, 7).finish())
    const { runId, requestId } = await say(room.ada, 'a secret wish')
    await ended(runId)
    const lines = log.ofRequest(requestId)
    expect(messages(lines)).toEqual(expect.arrayContaining(['request', 'run started', 'model call', 'run ended']))
    for (const line of lines.filter(({ msg }) => msg !== 'request')) expect(line).toMatchObject(fields(room.ada, runId))
    expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({
      method: 'POST',
      route: '/api/sessions/:id/messages',
      status: 202,
      userId: room.ada.id,
      projectId: room.projectId,
      sessionId: session.id,
    })
    expect(lines.find(({ msg }) => msg === 'run ended')).toMatchObject({
      outcome: 'completed',
      durationMs: expect.any(Number),
      waitMs: expect.any(Number),
      modelCalls: 1,
      inputTokens: 120,
      outputTokens: 7,
    })
  })

  test('whoever has it go on or stops it, the run keeps the request that accepted it', async () => {
    room.model.queue(calls(['run_command', { command: 'echo one' }]), calls(['run_command', { command: 'echo two' }]))
    const { runId, requestId } = await say(room.ada, 'count')
    await session.until(runId, 'waiting')
    await room.decide(room.mei, await room.pending(), { decision: 'approve' })
    await vi.waitFor(() => expect(log.ofRequest(requestId).filter(({ msg }) => msg === 'model call')).toHaveLength(2), { timeout: 10_000 })
    await session.until(runId, 'waiting')
    const stop = await room.mei.fetch(`/api/runs/${runId}/cancel`, { method: 'POST' })
    await ended(runId)
    expect(log.ofRequest(requestId).filter(({ msg }) => msg === 'run goes on')).toHaveLength(1)
    expect(log.saying('run ended').find((line) => line.runId === runId)).toMatchObject({
      ...fields(room.ada, runId),
      requestId,
      outcome: 'cancelled',
      modelCalls: 2,
      endedBy: stop.headers.get('x-request-id'),
    })
  })

  test('a message that waited has its own request on the run that reads it, and how long it waited', async () => {
    const first = await say(room.ada, 'one')
    const reply = await room.model.nextRequest()
    room.model.queue(says('Two.'))
    const second = await say(room.mei, 'two')
    reply.delta('One.').finish()
    await ended(first.runId)
    await vi.waitFor(() => expect(messages(log.ofRequest(second.requestId))).toContain('run ended'), { timeout: 10_000 })
    const [started] = log.ofRequest(second.requestId).filter(({ msg }) => msg === 'run started')
    expect(started).toMatchObject({ userId: room.mei.id, projectId: room.projectId, sessionId: session.id })
    expect(started?.runId).not.toBe(first.runId)
    expect(messages(log.ofRequest(first.requestId)).filter((msg) => msg === 'run ended')).toHaveLength(1)
  })

  test('a run that fails says by which code, once', async () => {
    room.model.queue((reply) => reply.fail(401))
    const { runId } = await say(room.ada, 'hello')
    await ended(runId)
    expect(log.saying('run ended').filter((line) => line.runId === runId)).toMatchObject([{ outcome: 'failed', code: 'bad_key' }])
    expect(log.saying('model call').find((line) => line.runId === runId)).toMatchObject({ outcome: 'failed', code: 'bad_key' })
  })

  test('at info a run has two lines, and a call that is answered in time none', async () => {
    const before = log.lines.length
    room.model.queue(says('Hello.'))
    await ended((await say(room.ada, 'hello')).runId)
    await room.ada.fetch('/api/projects/nonsense')
    expect(messages(log.lines.slice(before).filter(({ level }) => level >= info))).toEqual(['run started', 'run ended'])
  })

  test('a call that is slow is told at info, and one that fails as an error with its code', async () => {
    // A list that never comes is waited for some seconds.
    room.model.lists(() => undefined)
    const slow = await room.ada.fetch(`/api/sessions/${session.id}/messages`, {
      method: 'POST',
      body: { text: 'hi', to: 'agent', model: 'unheard-of' },
    })
    expect(log.ofRequest(slow.headers.get('x-request-id')).filter(({ level }) => level === info)).toMatchObject([
      { msg: 'request', status: 400, code: 'invalid_input', userId: room.ada.id },
    ])
    const { database } = room.server.parts
    await database.rows(sql`alter table session_pins rename to session_pins_away`)
    const failed = await room.ada.fetch(`/api/projects/${room.projectId}/pins`)
    await database.rows(sql`alter table session_pins_away rename to session_pins`)
    expect(failed.status).toBe(500)
    expect(log.ofRequest(failed.headers.get('x-request-id')).filter(({ level }) => level > info)).toMatchObject([
      { msg: 'request failed', code: 'internal', status: 500, userId: room.ada.id, projectId: room.projectId, err: { code: '42P01' } },
    ])
  })

  test('what a socket causes is logged with whose it is, in which room, and the request that opened it', async () => {
    const { database, documents } = room.server.parts
    // Whose documents nobody has opened yet.
    const projectId = (await makeProject(room.mei)).id
    const open = (path: string, who: TestPerson, id: string) =>
      new WebSocket(`${room.server.url.replace('http', 'ws')}${path}`, {
        headers: { cookie: who.cookie, origin: room.server.url, 'x-request-id': id },
      }).on('error', () => undefined)
    const line = async (msg: string) => {
      await vi.waitFor(() => expect(log.saying(msg)).not.toEqual([]), { timeout: 10_000 })
      return log.saying(msg)[0]
    }

    documents.onLoad('board', async () => {
      throw new Error('planted')
    })
    const board = open(`/yjs/board/${projectId}`, room.mei, 'board-socket-1')
    expect(await line('could not load a document')).toMatchObject({ requestId: 'board-socket-1', userId: room.mei.id, projectId })

    await database.rows(sql`alter table desktop_control rename to desktop_control_away`)
    const desktop = open(`/api/projects/${projectId}/desktop`, room.mei, 'desktop-socket-1')
    expect(await line('control could not be read')).toMatchObject({ requestId: 'desktop-socket-1', userId: room.mei.id, projectId })
    await database.rows(sql`alter table desktop_control_away rename to desktop_control`)
    for (const socket of [board, desktop]) socket.terminate()
  })

  test('an id is believed of whoever is at the machine, and of no stranger', async () => {
    const asked = async (headers: Record<string, string>) =>
      (await send(room.server.url, '/api/health', { headers: { 'x-request-id': 'abc-12345678', ...headers } })).headers.get('x-request-id')
    expect(await asked({})).toBe('abc-12345678')
    expect(await asked({ 'x-forwarded-for': '203.0.113.9' })).toMatch(/^[0-9a-f-]{36}$/)
    expect(await asked({ 'x-request-id': 'x'.repeat(65) })).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('a run and a message that wait since before requests were kept go on, and are told without one', async () => {
    room.model.queue(calls(['run_command', { command: 'echo one' }]), says('One.'), says('Two.'))
    const first = await say(room.ada, 'one')
    await session.until(first.runId, 'waiting')
    await say(room.mei, 'two')
    const { database } = room.server.parts
    await database.rows(sql`alter table runs drop column request_id, drop column accepted_at`)
    await database.rows(sql`alter table queued_messages drop column request_id`)
    await database.rows(sql`drop index approvals_pending`)
    const steps = await readFile(join(migrationsFolder, '0010_runs_by_request.sql'), 'utf8')
    for (const step of steps.split('--> statement-breakpoint')) await database.rows(sql.raw(step))
    await room.decide(room.ada, await room.pending(), { decision: 'approve' })
    const endedHere = () => log.saying('run ended').filter((line) => line.sessionId === session.id)
    await vi.waitFor(() => expect(endedHere()).toHaveLength(2), { timeout: 10_000 })
    expect(endedHere()).toMatchObject([
      { runId: first.runId, userId: room.ada.id, outcome: 'completed', waitMs: expect.any(Number) },
      { userId: room.mei.id, outcome: 'completed', waitMs: expect.any(Number) },
    ])
    expect(endedHere().map(({ requestId }) => requestId)).toEqual([undefined, undefined])
  })

  test('none of all that holds a text, an address, a name or a credential', () => {
    const all = log.lines.map((line) => JSON.stringify(line)).join('\n')
    expect(log.lines.length).toBeGreaterThan(50)
    for (const said of ['a secret wish', 'Once upon a time', 'echo one', room.ada.email, room.ada.cookie, '"Ada"', room.ada.password]) {
      expect(all).not.toContain(said)
    }
  })

  test('a field is written once in each line', () => {
    for (const line of log.raw)
      expect(line.match(/"(requestId|userId|projectId|sessionId|runId)":/g) ?? []).toEqual([
        ...new Set(line.match(/"(requestId|userId|projectId|sessionId|runId)":/g)),
      ])
  })
})
