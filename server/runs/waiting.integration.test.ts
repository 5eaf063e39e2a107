import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AgentId, RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { insertQueued } from '../sessions/queue.ts'
import { makeProject } from '../testing/people.ts'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const clean = calls(['run_command', { command: 'rm -rf build' }])

describeOnDatabases('what happens while a run waits for people, on %s', (kind) => {
  let room: RunRoom
  let session: Awaited<ReturnType<RunRoom['openSession']>>
  let now = Date.now()

  beforeAll(async () => {
    room = await openRunRoom({ database: kind, clock: { now: () => (now += 1) } })
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    room.model.answer(undefined)
    await room.endRuns()
    session = await room.openSession()
  })

  /** A run that waits for a decision about a command. */
  async function waiting() {
    room.model.queue(clean)
    const { runId } = await session.send(room.ada, 'clean up')
    await session.until(runId, 'waiting')
    return { runId, approval: await room.pending() }
  }

  test('queue and steer wait visibly; after the decision steer is read first, queue by the next run', async () => {
    const { runId, approval } = await waiting()
    await session.send(room.mei, 'then the docs', { mode: 'queue' })
    await session.send(room.mei, 'only dist', { mode: 'steer' })
    expect(await session.runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { kind: 'approval', approvalIds: [approval.id] } })
    expect(await session.said()).toEqual(['Ada: clean up'])
    await room.decide(room.mei, approval, { decision: 'deny', reason: 'too wide' })
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('too wide')
    expect(asked(next.request)).toContain('Mei: only dist')
    expect(asked(next.request)).not.toContain('then the docs')
    next.delta('Only dist.').finish()
    const last = await room.model.nextRequest()
    expect(asked(last.request)).toContain('Mei: then the docs')
    last.delta('Docs.').finish()
    await session.until(runId, 'completed')
    await vi.waitFor(async () => expect(await session.said()).toContain('Builder: Docs.'))
  })

  test('an interrupting message withdraws what waits, and a decision that comes later is told so', async () => {
    const { runId, approval } = await waiting()
    await session.send(room.mei, 'never mind', { mode: 'interrupt' })
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('Mei: never mind')
    expect((await room.decide(room.ada, approval, { decision: 'approve' })).status).toBe(409)
    next.delta('Fine.').finish()
    await session.until(runId, 'completed')
    const items = await session.items()
    expect(items.find((item) => item.type === 'approval')).toMatchObject({ status: 'cancelled' })
    expect(items.find((item) => item.type === 'tool_call')).toMatchObject({ status: 'cancelled', error: { code: 'interrupted' } })
    expect(await session.events()).toContain('run_interrupted')
  })

  test('an interruption that was accepted just before a crash is heard afterwards', async () => {
    const { runId } = await waiting()
    await insertQueued(room.server.parts.database.db, {
      id: newId('itm'),
      sessionId: session.id,
      authorId: room.mei.id,
      agentId: 'builder' as AgentId,
      text: 'stop that',
      mode: 'interrupt',
      replyTo: null,
      createdAt: now,
    })
    await room.server.parts.runs.sweep()
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('Mei: stop that')
    next.delta('Stopped.').finish()
    await session.until(runId, 'completed')
  })

  test('a run that waits can be paused; the decision stands, and the run goes on when it is resumed', async () => {
    const { runId, approval } = await waiting()
    expect(await room.mei.json('POST', `/api/runs/${runId}/pause`)).toMatchObject({ status: 'paused' })
    expect((await room.decide(room.mei, approval, { decision: 'deny' })).status).toBe(200)
    expect(await session.runOf(runId)).toMatchObject({ status: 'paused' })
    await room.ada.json('POST', `/api/runs/${runId}/resume`)
    ;(await room.model.nextRequest()).delta('Not then.').finish()
    await session.until(runId, 'completed')
  })

  test('an approval that is withdrawn by stopping the run cannot be decided any more', async () => {
    const { runId, approval } = await waiting()
    expect(await room.mei.json('POST', `/api/runs/${runId}/cancel`)).toMatchObject({ status: 'cancelled' })
    expect((await room.decide(room.ada, approval, { decision: 'approve' })).status).toBe(409)
  })

  test('"always" from an owner is a rule that the next run follows, in this project alone', async () => {
    const { runId, approval } = await waiting()
    expect((await room.decide(room.mei, approval, { decision: 'approve', scope: 'always' })).status).toBe(403)
    expect((await room.decide(room.ada, approval, { decision: 'approve', scope: 'always' })).status).toBe(200)
    ;(await room.model.nextRequest()).delta('Done.').finish()
    await session.until(runId, 'completed')

    room.model.queue(clean, says('Done again.'))
    const next = await room.openSession()
    const second = await next.send(room.mei, 'clean up')
    await next.until(second.runId, 'completed')
    expect((await next.items()).filter((item) => item.type === 'approval')).toEqual([])

    const other = await makeProject(room.ada, 'Orchard')
    const { id } = await room.ada.json<{ id: string }>('POST', `/api/projects/${other.id}/sessions`, {})
    room.model.queue(clean)
    const third = await room.ada.json<{ runId: RunId }>('POST', `/api/sessions/${id}/messages`, { text: 'clean up', to: 'agent' })
    await next.until(third.runId, 'waiting')
    await room.ada.json('POST', `/api/runs/${third.runId}/cancel`)
  })
})

test('a request that nobody decides in a week is denied, and the run goes on', async () => {
  let now = Date.now()
  const room = await openRunRoom({ clock: { now: () => now } })
  try {
    const key = await room.ada.makeKey()
    const get = async (path: string) =>
      (await fetch(`${room.server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })).json() as Promise<Record<string, unknown>>
    const session = await room.openSession()
    room.model.queue(clean)
    const { runId } = await session.send(room.ada, 'clean up')
    await session.until(runId, 'waiting')
    const approval = await room.pending()
    expect((approval.expiresAt ?? 0) - approval.createdAt).toBe(7 * 86_400_000)

    now = (approval.expiresAt ?? 0) - 1
    await room.server.parts.approvals.expire()
    expect(await get(`/api/runs/${runId}`)).toMatchObject({ status: 'waiting' })
    now += 1
    await room.server.parts.approvals.expire()
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('Nobody decided in time')
    next.delta('Then not.').finish()
    await vi.waitFor(async () => expect(await get(`/api/runs/${runId}`)).toMatchObject({ status: 'completed' }))
    const { items } = (await get(`/api/sessions/${session.id}/items`)) as { items: { type: string; status: string }[] }
    expect(items.find((item) => item.type === 'approval')).toMatchObject({ status: 'expired', approval: { status: 'expired' } })
    expect(items.find((item) => item.type === 'tool_call')).toMatchObject({ status: 'denied', error: { code: 'expired' } })
  } finally {
    await room.close()
  }
})
