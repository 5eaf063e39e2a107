import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Run } from '#shared/runs/schema.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import type { ScriptedReply, ScriptedRequest } from '../testing/scripted-model.ts'
import { twoAgents } from '../testing/two-agents.ts'

type Session = Awaited<ReturnType<RunRoom['openSession']>>

const agentOf = ({ body }: ScriptedRequest) => ((body.messages[0]?.content ?? '').startsWith('You are Scout') ? 'scout' : 'builder')

describe('Builder and Scout in one session', () => {
  let room: RunRoom
  let session: Session
  beforeAll(async () => {
    room = await openRunRoom({ makeProfiles: twoAgents })
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    session = await room.openSession()
  })

  const say = (text: string, more: Record<string, unknown> = {}) => session.send(room.ada, text, { to: undefined, ...more })
  /** The requests of both, by who makes them. */
  async function bothAsked(): Promise<{ builder: ScriptedReply; scout: ScriptedReply }> {
    const [one, other] = [await room.model.nextRequest(), await room.model.nextRequest()]
    return agentOf(one.request) === 'builder' ? { builder: one, scout: other } : { builder: other, scout: one }
  }

  test('whoever is named answers; the first one where nobody is', async () => {
    const runs = [await say('Hello'), await say('@scout look around'), await say('look', { to: 'scout' })]
    const { builder, scout } = await bothAsked()
    builder.delta('Hello.').finish()
    scout.delta('I see.').finish()
    const scoutsNext = await room.model.nextRequest()
    expect(agentOf(scoutsNext.request)).toBe('scout')
    scoutsNext.delta('I see more.').finish()
    await vi.waitFor(async () => expect(await session.said()).toHaveLength(6), { timeout: 10_000 })
    expect((await session.runOf(runs[0]?.runId)).agentId).toBe('builder')
    expect(await session.runOf(runs[1]?.runId)).toMatchObject({
      agentId: 'scout',
      agentName: 'Scout',
      agentVersion: '1',
      trigger: { kind: 'message', itemId: runs[1]?.itemId },
    })
    const answer = (await session.items()).find((item) => item.type === 'message' && item.text === 'I see more.')
    const { runId } = await say('and what else?', { replyTo: answer?.id })
    expect((await session.runOf(runId)).agentId).toBe('scout')
    ;(await room.model.nextRequest()).delta('Nothing.').finish()
    await session.until(runId, 'completed')
  })

  test('an agent that is not in the room is told of', async () => {
    const answer = await room.ada.fetch(`/api/sessions/${session.id}/messages`, { method: 'POST', body: { text: 'Hello', to: 'nobody' } })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found', message: 'There is no agent "nobody" here.' } })
  })

  test('both work at once: each hears what the other says, and has only its own calls', async () => {
    await say('Build a page.')
    await say('@scout find a picture')
    const { builder, scout } = await bothAsked()
    builder.delta('I begin.').toolCall('read_file', { path: 'builders.md' }).finish()
    scout.delta('I search.').toolCall('read_file', { path: 'scouts.md' }).finish()
    const next = await bothAsked()
    expect(asked(next.scout.request)).toContain('scouts.md')
    expect(asked(next.scout.request)).not.toContain('builders.md')
    expect(asked(next.builder.request)).not.toContain('scouts.md')
    next.scout.delta('Found one.').finish()
    await vi.waitFor(async () => expect(await session.said()).toContain('Scout: Found one.'), { timeout: 10_000 })
    next.builder.toolCall('list_files', {}).finish()
    const last = await room.model.nextRequest()
    expect(asked(last.request)).toContain('Scout: Found one.')
    last.delta('Done.').finish()
    await vi.waitFor(async () => expect((await session.events()).filter((event) => event === 'run_completed')).toHaveLength(2), { timeout: 10_000 })
  })

  test('steering, queueing and stopping one leaves the other alone', async () => {
    const builders = await say('Build.')
    const scouts = await say('@scout look')
    const { builder, scout } = await bothAsked()
    expect(await say('@scout look left', { mode: 'steer' })).toMatchObject({ runId: scouts.runId })
    expect(await say('and then paint it', { mode: 'queue', to: 'agent' })).toMatchObject({ runId: builders.runId })
    scout.delta('Looking').finish()
    const steered = await room.model.nextRequest()
    expect(agentOf(steered.request)).toBe('scout')
    expect(asked(steered.request)).toContain('look left')
    expect(asked(steered.request)).not.toContain('paint it')
    expect((await room.mei.fetch(`/api/runs/${scouts.runId}/cancel`, { method: 'POST' })).status).toBe(200)
    await steered.request.aborted
    expect((await session.runOf(builders.runId)).status).toBe('running')
    builder.delta('Built.').finish()
    const painting = await room.model.nextRequest()
    expect(agentOf(painting.request)).toBe('builder')
    expect(asked(painting.request)).toContain('paint it')
    painting.delta('Painted.').finish()
    await session.until(builders.runId, 'completed')
    expect((await session.runOf(scouts.runId)).status).toBe('cancelled')
  })

  test('one waits for people while the other goes on; the list of sessions shows the one that waits', async () => {
    await say('Build.')
    const scouts = await say('@scout look')
    const { builder, scout } = await bothAsked()
    scout.toolCall('ask_people', { questions: [{ text: 'Where?' }] }).finish()
    await session.until(scouts.runId, 'waiting')
    const summary = () => room.ada.json<SessionSummary>('GET', `/api/sessions/${session.id}`)
    expect((await summary()).run).toMatchObject({ agentId: 'scout', status: 'waiting' })
    builder.delta('Built.').finish()
    await vi.waitFor(async () => expect(await session.said()).toContain('Builder: Built.'), { timeout: 10_000 })
    expect((await room.ada.json<Run>('GET', `/api/runs/${scouts.runId}`)).waitingFor).toMatchObject({ kind: 'question' })
    await room.ada.json('DELETE', `/api/sessions/${session.id}`)
  })
})
