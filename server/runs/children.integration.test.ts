import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { delegatingAgents } from '../testing/delegating-agents.ts'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'

describe('a run that waits for another one, or for a moment', () => {
  let room: RunRoom
  let session: Awaited<ReturnType<RunRoom['openSession']>>
  beforeAll(async () => {
    room = await openRunRoom({ makeProfiles: delegatingAgents })
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    session = await room.openSession()
  })

  const startedRuns = async () => {
    const items = await session.items()
    return items.flatMap((item) => (item.type === 'event' && item.event === 'run_started' ? [item.runId] : []))
  }
  const lead = async (...calls: [string, unknown][]) => {
    const { runId } = await session.send(room.ada, 'Go.')
    const reply = await room.model.nextRequest()
    for (const [name, args] of calls) reply.toolCall(name, args)
    reply.finish()
    return runId
  }

  test('Scout works for Lead under Lead’s run, for Ada; what it says last is the result, and Lead goes on', async () => {
    const runId = await lead(['delegate', { agent: 'scout', task: 'Count the trees.' }])
    const scouts = await room.model.nextRequest()
    expect(asked(scouts.request)).toContain('Lead: Count the trees.')
    await session.until(runId, 'waiting')
    const [, childId] = await startedRuns()
    expect(await session.runOf(runId)).toMatchObject({ waitingFor: { kind: 'child', runId: childId } })
    expect(await session.runOf(childId)).toMatchObject({
      agentName: 'Scout',
      parentRunId: runId,
      trigger: { kind: 'run', runId },
      causedBy: { name: room.ada.name },
      status: 'running',
    })
    scouts.delta('Seven trees.').finish()
    const told = await room.model.nextRequest()
    expect(asked(told.request)).toContain('Seven trees.')
    told.delta('There are seven.').finish()
    await session.until(runId, 'completed')
    const call = (await session.items()).find((item) => item.type === 'tool_call' && item.name === 'delegate')
    expect(call).toMatchObject({ status: 'ok', result: { agent: 'Scout', status: 'completed', answer: 'Seven trees.' } })
  })

  test('who stops the one above stops the one below; a message to Scout meanwhile waits for its own run', async () => {
    const runId = await lead(['delegate', { agent: 'scout', task: 'Count.' }])
    const scouts = await room.model.nextRequest()
    await session.until(runId, 'waiting')
    await room.ada.json('POST', `/api/runs/${runId}/cancel`)
    await scouts.request.aborted
    const [, childId] = await startedRuns()
    expect((await session.runOf(childId)).status).toBe('cancelled')
    const { runId: own } = await session.send(room.ada, 'Hello', { to: 'scout' })
    const answer = await room.model.nextRequest()
    answer.delta('Hello.').finish()
    await session.until(own, 'completed')
  })

  test('one that fails is told of to the one above, and so is an agent that is not there', async () => {
    const runId = await lead(['delegate', { agent: 'nobody', task: 'x' }], ['delegate', { agent: 'scout', task: 'y' }])
    ;(await room.model.nextRequest()).fail(401, { error: { message: 'no' } })
    const told = asked((await room.model.nextRequest().then((reply) => (reply.delta('I see.').finish(), reply))).request)
    expect(told).toContain('There is no agent')
    expect(told).toContain('failed')
    await session.until(runId, 'completed')
  })

  test('a run that waits for a moment holds nothing, and goes on when it has come', async () => {
    const runId = await lead(['rest', { ms: 400 }])
    await vi.waitFor(async () => expect((await session.runOf(runId)).waitingFor?.kind).toBe('timer'), { timeout: 5_000, interval: 10 })
    expect(room.server.parts.runs.executing()).toBe(0)
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('waitedMs')
    next.delta('Rested.').finish()
    await session.until(runId, 'completed')
  })
})
