import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { errorStatus } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { apiCalls } from '#shared/wire/api.ts'
import { plainRoutes } from '../app.ts'
import { readExposition } from '../testing/exposition.ts'
import { makeProject, send } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { says } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

const patience = { timeout: 30_000, interval: 50 }

/** As Prometheus does it, at the machine itself unless headers say otherwise. */
const fetchMetrics = (room: RunRoom, headers: Record<string, string> = {}) => send(room.server.url, '/metrics', { headers })
const scrape = async (room: RunRoom) => readExposition(await (await fetchMetrics(room)).text())

/** What the metrics say now of the series that somebody expects: `atrium_runs{state=running}`. */
async function seen(room: RunRoom, expected: Record<string, number>): Promise<Record<string, number | undefined>> {
  const read = await scrape(room)
  return Object.fromEntries(Object.keys(expected).map((series) => [series, valueOf(read, series)]))
}

function valueOf(read: ReturnType<typeof readExposition>, series: string): number | undefined {
  const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(series) ?? []
  return read.value(name, Object.fromEntries(labels === '' ? [] : labels.split(',').map((pair) => pair.split('=') as [string, string])))
}

async function openSocket(room: RunRoom, path: string, who: TestPerson): Promise<WebSocket> {
  const socket = new WebSocket(`${room.server.url.replace('http', 'ws')}${path}`, { headers: { cookie: who.cookie, origin: room.server.url } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}

describe('metrics', () => {
  let room: RunRoom
  beforeAll(async () => {
    room = await openRunRoom()
  })
  afterAll(() => room.close())

  test('runs, approvals, model calls, sockets, streams, leases and jobs are counted while they are there, and when they have ended', async () => {
    const [first, second] = [await room.openSession(), await room.openSession()]
    room.model.queue((reply) => reply.toolCall('run_command', { command: 'echo one' }).usage(100, 10).finish())
    const waiting = await first.send(room.ada, 'clean up')
    await first.until(waiting.runId, 'waiting')
    const running = await second.send(room.mei, 'tell me')
    const reply = await room.model.nextRequest()
    reply.delta('Once')
    const sockets = [await openSocket(room, `/yjs/board/${room.projectId}`, room.ada), await openSocket(room, '/sync', room.mei)]
    const leave = new AbortController()
    const stream = await fetch(`${room.server.url}/api/sessions/${first.id}/events`, { headers: { cookie: room.tomas.cookie }, signal: leave.signal })
    expect(stream.status).toBe(200)

    const there = {
      'atrium_runs{state=queued}': 0,
      'atrium_runs{state=running}': 1,
      'atrium_runs{state=waiting}': 1,
      'atrium_runs{state=paused}': 0,
      atrium_run_wait_seconds_count: 2,
      atrium_approvals_waiting: 1,
      'atrium_model_call_seconds_count{model=scripted,outcome=ok}': 1,
      'atrium_model_first_token_seconds_count{model=scripted}': 1,
      'atrium_model_tokens_total{model=scripted,direction=input}': 100,
      'atrium_model_tokens_total{model=scripted,direction=output}': 10,
      'atrium_sockets_open{kind=yjs}': 1,
      'atrium_sockets_open{kind=sync}': 1,
      'atrium_sockets_open{kind=terminal}': 0,
      atrium_event_streams_open: 1,
      'atrium_leases_held{kind=run}': 1,
      'atrium_leases_held{kind=room}': 1,
      atrium_database_connections_max: 1,
      'atrium_jobs{state=failed}': 0,
    }
    await vi.waitFor(async () => expect(await seen(room, there)).toEqual(there), patience)
    // The end of the request is planned, as soon as the queue has started.
    await vi.waitFor(async () => expect((await scrape(room)).value('atrium_jobs', { state: 'planned' })).toBeGreaterThan(0), patience)
    const read = await scrape(room)
    expect(read.value('atrium_approvals_oldest_age_seconds')).toBeGreaterThan(0)
    expect(read.value('atrium_approvals_oldest_age_seconds')).toBeLessThan(300)
    expect(read.value('atrium_documents_loaded')).toBeGreaterThan(0)
    expect(read.value('atrium_document_commit_seconds_count')).toBeGreaterThan(0)

    reply.usage(200, 20).finish()
    await second.until(running.runId, 'completed')
    await room.ada.json('POST', `/api/runs/${waiting.runId}/cancel`)
    for (const socket of sockets) socket.terminate()
    leave.abort()
    const gone = {
      'atrium_runs{state=running}': 0,
      'atrium_runs{state=waiting}': 0,
      'atrium_run_seconds_count{outcome=completed}': 1,
      'atrium_run_seconds_count{outcome=cancelled}': 1,
      atrium_approvals_waiting: 0,
      atrium_approvals_oldest_age_seconds: 0,
      'atrium_model_tokens_total{model=scripted,direction=input}': 300,
      'atrium_model_tokens_total{model=scripted,direction=output}': 30,
      'atrium_sockets_open{kind=yjs}': 0,
      'atrium_sockets_open{kind=sync}': 0,
      atrium_event_streams_open: 0,
      'atrium_leases_held{kind=run}': 0,
    }
    await vi.waitFor(async () => expect(await seen(room, gone)).toEqual(gone), patience)
  })

  test('errors are counted by their code: of the API, of models, of runs; attempts that are made again by themselves', async () => {
    const session = await room.openSession()
    const before = (await scrape(room)).value('atrium_errors_total', { source: 'http', kind: 'not_found' }) ?? 0
    await room.ada.fetch('/api/projects/prj_01900000-0000-7000-8000-000000000000')
    room.model.queue(
      (reply) => reply.fail(503, undefined, { 'retry-after': '0' }),
      (reply) => reply.fail(401),
    )
    const { runId } = await session.send(room.ada, 'hello')
    await session.until(runId, 'failed')
    const wanted = {
      'atrium_errors_total{source=http,kind=not_found}': before + 1,
      'atrium_errors_total{source=model,kind=bad_key}': 1,
      'atrium_errors_total{source=run,kind=bad_key}': 1,
      'atrium_model_call_seconds_count{model=scripted,outcome=failed}': 1,
      'atrium_model_retries_total{model=scripted}': 1,
    }
    await vi.waitFor(async () => expect(await seen(room, wanted)).toEqual(wanted), patience)
  })

  test('a model that somebody chose out of the service’s list has no label of its own', async () => {
    room.model.lists(['scripted', 'fancy-9000'])
    room.model.queue(says('Fancy.'))
    const session = await room.openSession()
    const { runId } = await session.send(room.ada, 'hello', { model: 'fancy-9000' })
    await session.until(runId, 'completed')
    const wanted = { 'atrium_model_call_seconds_count{model=other,outcome=ok}': 1 }
    await vi.waitFor(async () => expect(await seen(room, wanted)).toEqual(wanted), patience)
    expect(await (await fetchMetrics(room)).text()).not.toContain('fancy')
  })

  test('while the database hangs it is told in time what is known: the log that lags, what waits, and that a source was late', async () => {
    const { database, documents } = room.server.parts
    const from = (who: TestPerson) => ({ 'x-forwarded-for': '203.0.113.9', cookie: who.cookie })
    expect((await fetchMetrics(room, from(room.ada))).status).toBe(200)
    const board = await documents.open({ kind: 'board', projectId: room.projectId })
    await board.flushed()
    const known = await scrape(room)
    const hang = Promise.withResolvers<void>()
    const hung = Promise.withResolvers<void>()
    // Everything else waits for the only connection.
    const hanging = database.transaction(async () => {
      hung.resolve()
      await hang.promise
    })
    await hung.promise
    // Of somebody who was not let in before nothing is believed.
    const stranger = fetchMetrics(room, from(room.mei))
    try {
      for (let n = 0; n < 20; n++) board.doc.getMap('meta').set('n', n)
      const failures = (read: typeof known) => read.value('atrium_scrape_errors_total', { source: 'database' }) ?? 0
      const look = async () => {
        const startedAt = performance.now()
        // Nobody can be asked who she is, but she could read them a moment ago.
        const [local, hers] = await Promise.all([fetchMetrics(room), fetchMetrics(room, from(room.ada))])
        expect(performance.now() - startedAt).toBeLessThan(3000)
        expect([local.status, hers.status]).toEqual([200, 200])
        return readExposition(await local.text())
      }
      // The first look is that of a moment ago.
      await vi.waitFor(async () => expect(failures(await look())).toBeGreaterThan(failures(known)), patience)
      const read = await look()
      const pending = read.value('atrium_document_updates_pending')
      // Other documents may have had a few.
      expect(pending).toBeGreaterThanOrEqual(20)
      expect(pending).toBeLessThan(40)
      expect(read.value('atrium_document_oldest_pending_update_age_seconds')).toBeGreaterThan(0.5)
      expect(read.value('atrium_database_connections_in_use')).toBe(1)
      expect(read.value('atrium_database_waiting')).toBeGreaterThan(0)
      expect(read.value('atrium_stored_counts_age_seconds')).toBeGreaterThan(1)
      expect(read.value('atrium_runs', { state: 'running' })).toBe(known.value('atrium_runs', { state: 'running' }))
    } finally {
      hang.resolve()
      await hanging
    }
    expect((await stranger).status).toBe(403)
    await board.flushed()
    const wanted = {
      atrium_document_updates_pending: 0,
      atrium_document_oldest_pending_update_age_seconds: 0,
      atrium_database_waiting: 0,
    }
    await vi.waitFor(async () => expect(await seen(room, wanted)).toEqual(wanted), patience)
    await board.close()
  })

  test('the text keeps the rules of the format, names keep the conventions, and each label is one of a known few', async () => {
    const { families, samples } = await scrape(room)
    const ours = [...families].filter(([name]) => name.startsWith('atrium_'))
    expect(ours.length).toBeGreaterThan(20)
    for (const [name, { type }] of ours) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name.endsWith('_seconds'), name).toBe(type === 'histogram' || name.includes('_age_'))
    }
    const routes = new Set([...apiCalls, ...plainRoutes].map(({ path }) => path))
    const states = /^(queued|running|waiting|paused|off|stopped|starting|failed|planned|retry|active|completed|cancelled)$/
    const labels: Record<string, (value: string) => boolean> = {
      le: (value) => value === '+Inf' || Number(value) >= 0,
      method: (value) => /^[A-Z-]+$/.test(value),
      route: (value) => routes.has(value as never) || ['none', 'client'].includes(value),
      status: (value) => /^[1-5]\d\d$/.test(value),
      state: (value) => states.test(value),
      outcome: (value) => /^(completed|failed|cancelled|ok|aborted)$/.test(value),
      model: (value) => ['scripted', 'other'].includes(value),
      direction: (value) => ['input', 'output'].includes(value),
      source: (value) => ['http', 'run', 'model', 'database'].includes(value),
      kind: (value) => value in errorStatus || ['yjs', 'sync', 'terminal', 'desktop', 'preview', 'room', 'run', 'bad_key'].includes(value),
    }
    for (const sample of samples.filter(({ name }) => name.startsWith('atrium_'))) {
      for (const [name, value] of Object.entries(sample.labels)) expect(labels[name]?.(value), `${sample.name} ${name}="${value}"`).toBe(true)
    }
  })
})

describe('metrics of sandboxes', await needs('sandbox'), () => {
  test('each is counted by its state: one runs, one waits for its place, one is paused', async () => {
    const room = await openRunRoom({ env: { ATRIUM_SANDBOX: 'local', ATRIUM_SANDBOX_RUNNING: '1' } })
    const sockets: WebSocket[] = []
    try {
      const others = await Promise.all(['Orchard', 'Meadow'].map(async (name) => (await makeProject(room.ada, name)).id as ProjectId))
      const start = (id: ProjectId) => room.ada.json('POST', `/api/projects/${id}/sandbox/start`)
      await start(room.projectId)
      await room.ada.json('POST', `/api/projects/${room.projectId}/sandbox/pause`)
      for (const id of others) {
        // Somebody is there, so that neither gives its place nor its wait up.
        sockets.push(await openSocket(room, `/yjs/board/${id}`, room.ada))
        await start(id)
      }
      const wanted = {
        'atrium_sandboxes{state=running}': 1,
        'atrium_sandboxes{state=waiting}': 1,
        'atrium_sandboxes{state=paused}': 1,
        'atrium_sandboxes{state=starting}': 0,
        'atrium_sandboxes{state=failed}': 0,
      }
      await vi.waitFor(async () => expect(await seen(room, wanted)).toEqual(wanted), patience)
    } finally {
      for (const socket of sockets) socket.terminate()
      await room.close()
    }
  })
})
