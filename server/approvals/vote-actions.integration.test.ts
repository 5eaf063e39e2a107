import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Approval, Decided } from '#shared/approvals/schema.ts'
import { approvalLimits } from '#shared/approvals/limits.ts'
import { readApprovalState, readLastRun, readLive } from '#shared/sessions/doc.ts'
import type { TestPerson } from '../testing/people.ts'
import { asked, openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { itemOf } from './store.ts'
import { approvals } from './table.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const clean = calls(['run_command', { command: 'echo clean' }])
const both = calls(['run_command', { command: 'echo one' }], ['run_command', { command: 'echo two' }])

describeOnDatabases('beside deciding, on %s', (kind) => {
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

  const post = (who: TestPerson, approval: Approval, what: string, body: Record<string, unknown> = {}) =>
    who.fetch(`/api/approvals/${approval.id}/${what}`, { method: 'POST', body })
  const approve = async (who: TestPerson, approval: Approval) => (await (await room.decide(who, approval, { decision: 'approve' })).json()) as Decided
  const list = async () =>
    (await room.ada.json<{ approvals: Approval[] }>('GET', `/api/approvals?projectId=${room.projectId}`)).approvals.filter(
      (approval) => approval.sessionId === session.id,
    )
  const again = async (id: string) => (await list()).find((approval) => approval.id === id) as Approval
  /** As a policy of the project would have it. */
  const rule = (id: Approval['id'], data: Partial<Approval>) =>
    room.server.parts.database.db
      .update(approvals)
      .set({ data: sql`${approvals.data} || ${JSON.stringify(data)}::jsonb` })
      .where(eq(approvals.id, id))
  const sessionDoc = () => room.server.parts.documents.open({ kind: 'session', sessionId: session.id })

  async function waiting(answer = clean) {
    room.model.queue(answer)
    const { runId } = await session.send(room.ada, 'clean up')
    await session.until(runId, 'waiting')
    const [approval] = (await list()).toReversed().filter(({ status }) => status === 'pending')
    if (!approval) throw new Error('nothing waits')
    return { runId, approval }
  }

  test('Mei takes her vote back while another is needed; once more changes nothing, and the history names her', async () => {
    const { approval } = await waiting()
    await rule(approval.id, { quorum: 2 })
    expect(await approve(room.mei, approval)).toMatchObject({ status: 'pending', votes: [{ name: 'Mei' }] })
    const [first, second] = await Promise.all([post(room.mei, approval, 'take-back'), post(room.mei, approval, 'take-back')])
    expect([first.status, second.status]).toEqual([200, 200])
    const back = await again(approval.id)
    expect(back).toMatchObject({ status: 'pending', votes: [] })
    expect(back.notes).toMatchObject([{ kind: 'taken_back', by: room.mei.id, name: 'Mei' }])
    // Everybody sees it, also who comes later.
    const opened = await sessionDoc()
    await vi.waitFor(() => expect(readApprovalState(opened.doc, itemOf(approval.id))).toMatchObject({ votes: [], notes: [{ name: 'Mei' }] }))
    await opened.close()
    // It is not forgotten that she had not decided: both have to agree still.
    expect(await approve(room.ada, approval)).toMatchObject({ status: 'pending' })
    expect(await approve(room.mei, approval)).toMatchObject({ status: 'approved' })
    ;(await room.model.nextRequest()).delta('Done.').finish()
  })

  test('nobody sees it approved while its run waits, nor open while the run goes on', async () => {
    const { runId, approval } = await waiting()
    const { doc, close } = await sessionDoc()
    const seen: unknown[] = []
    doc.on('afterTransaction', () => {
      const { status } = readApprovalState(doc, itemOf(approval.id)) ?? {}
      seen.push([status, readLastRun(doc)?.status])
    })
    await approve(room.mei, approval)
    await vi.waitFor(() => expect(seen).toContainEqual(['approved', 'running']))
    expect(seen.filter((pair) => !['pending,waiting', 'approved,running'].includes(String(pair)))).toEqual([])
    ;(await room.model.nextRequest()).delta('Done.').finish()
    await session.until(runId, 'completed')
    await close()
  })

  test('a vote counts by what its voter may do now', async () => {
    const { approval } = await waiting()
    await rule(approval.id, { quorum: 2 })
    await approve(room.mei, approval)
    const become = (role: string) => room.ada.json('PATCH', `/api/projects/${room.projectId}/members/${room.mei.id}`, { role })
    await become('viewer')
    expect(await approve(room.ada, approval)).toMatchObject({ status: 'pending', votes: [{ name: 'Mei' }, { name: 'Ada' }] })
    await become('editor')
    expect(await approve(room.ada, approval)).toMatchObject({ status: 'approved' })
    ;(await room.model.nextRequest()).delta('Done.').finish()
  })

  test('what has begun cannot be taken back, and whoever did not approve has nothing to take back', async () => {
    const { runId, approval } = await waiting()
    expect((await post(room.mei, approval, 'take-back')).status).toBe(200)
    const decided = await approve(room.mei, approval)
    expect(decided.status).toBe('approved')
    expect(decided.takeBack).toBeUndefined()
    ;(await room.model.nextRequest()).delta('Done.').finish()
    await session.until(runId, 'completed')
    const late = await post(room.mei, approval, 'take-back')
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining('already started') } })
    expect((await post(room.ada, approval, 'take-back')).status).toBe(409)
    expect((await post(room.tomas, approval, 'take-back')).status).toBe(403)
    expect(await again(approval.id)).toMatchObject({ status: 'approved', votes: [{ name: 'Mei' }] })
  })

  test('a call that was approved and waits for another one before it is taken back, and asked for again', async () => {
    const { runId, approval: first } = await waiting(both)
    const second = (await list()).find(({ id }) => id !== first.id) as Approval
    expect(await approve(room.mei, second)).toMatchObject({ status: 'approved', takeBack: true })
    await session.until(runId, 'waiting')
    expect((await post(room.mei, second, 'take-back')).status).toBe(200)
    expect(await again(second.id)).toMatchObject({ status: 'pending', votes: [], decidedAt: null })
    const opened = await sessionDoc()
    await vi.waitFor(() => expect(readLive(opened.doc).map(({ item }) => item.type === 'tool_call' && item.status)).toEqual(['waiting', 'waiting']))
    await opened.close()
    await approve(room.ada, first)
    // The first one runs, the second one still asks.
    await vi.waitFor(async () => expect(await session.runOf(runId)).toMatchObject({ status: 'waiting', waitingFor: { approvalIds: [second.id] } }))
    await room.decide(room.mei, second, { decision: 'deny' })
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('Mei denied it')
    next.delta('Only one.').finish()
    await session.until(runId, 'completed')
  })

  test('of taking back and beginning one wins: the call ran, or it waits and did not', async () => {
    const { runId, approval } = await waiting()
    await room.mei.json('POST', `/api/runs/${runId}/pause`)
    expect(await approve(room.mei, approval)).toMatchObject({ status: 'approved', takeBack: true })
    const [, taken] = await Promise.all([room.ada.json('POST', `/api/runs/${runId}/resume`), post(room.mei, approval, 'take-back')])
    expect([200, 409]).toContain(taken.status)
    // Taken back in time, it waits for her again.
    if (taken.status === 200) {
      await session.until(runId, 'waiting')
      await approve(room.mei, await room.pending())
    }
    ;(await room.model.nextRequest()).delta('Done.').finish()
    await session.until(runId, 'completed')
    expect((await session.items()).filter((item) => item.type === 'tool_call')).toMatchObject([{ startedAt: expect.any(Number) }])
  })

  test('a rule that was made with the vote goes with it', async () => {
    const { runId, approval } = await waiting()
    await room.mei.json('POST', `/api/runs/${runId}/pause`)
    await room.decide(room.ada, approval, { decision: 'approve', scope: 'always' })
    expect(await room.server.parts.approvals.rulesFor(room.projectId, 'run_command')).toMatchObject([{ effect: 'allow' }])
    expect((await post(room.ada, approval, 'take-back')).status).toBe(200)
    expect(await room.server.parts.approvals.rulesFor(room.projectId, 'run_command')).toEqual([])
    await room.ada.json('POST', `/api/runs/${runId}/cancel`)
    expect((await post(room.ada, approval, 'take-back')).status).toBe(409)
  })

  test('two who add time at once add it once; it is bounded, named, and what was late is not ended too early', async () => {
    const { approval } = await waiting()
    expect((await post(room.mei, approval, 'extend', { expiresAt: approval.expiresAt })).status).toBe(409)
    let end = now + 60_000
    await rule(approval.id, { expiresAt: end })
    expect((await post(room.tomas, approval, 'extend', { expiresAt: end })).status).toBe(403)
    const both = await Promise.all([post(room.ada, approval, 'extend', { expiresAt: end }), post(room.mei, approval, 'extend', { expiresAt: end })])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    const longer = await again(approval.id)
    expect(longer.expiresAt).toBe(end + approvalLimits.extendMs)
    expect(longer.notes).toHaveLength(1)
    expect(longer.notes?.[0]).toMatchObject({ kind: 'extended', until: end + approvalLimits.extendMs })
    const opened = await sessionDoc()
    await vi.waitFor(() => expect(readApprovalState(opened.doc, itemOf(approval.id))?.expiresAt).toBe(longer.expiresAt))
    await opened.close()
    now = end + 1
    await room.server.parts.approvals.expire()
    expect((await again(approval.id)).status).toBe('pending')
    for (let times = 1; times < approvalLimits.extensions; times++) {
      end = (await again(approval.id)).expiresAt ?? 0
      now = end - 1000
      expect((await post(room.mei, approval, 'extend', { expiresAt: end })).status).toBe(200)
    }
    end = (await again(approval.id)).expiresAt ?? 0
    now = end - 1000
    expect((await post(room.mei, approval, 'extend', { expiresAt: end })).status).toBe(409)
    now = end + 1
    expect((await post(room.mei, approval, 'extend', { expiresAt: end })).status).toBe(409)
    await room.server.parts.approvals.expire()
    expect((await again(approval.id)).status).toBe('expired')
    ;(await room.model.nextRequest()).delta('Then not.').finish()
  })

  /** A request that nobody decided. */
  async function late(answer?: () => Promise<void>) {
    const { runId, approval } = await waiting()
    await rule(approval.id, { expiresAt: now })
    await room.server.parts.approvals.expire()
    const next = await room.model.nextRequest()
    await answer?.()
    if (!answer) {
      next.delta('Then not.').finish()
      await session.until(runId, 'completed')
    }
    return { runId, approval, next }
  }

  test('what nobody decided is asked for again: the same call, once, however many press', async () => {
    const { approval } = await late()
    expect((await post(room.tomas, approval, 'ask-again')).status).toBe(403)
    const pressed = await Promise.all([post(room.mei, approval, 'ask-again'), post(room.ada, approval, 'ask-again')])
    expect(pressed.map(({ status }) => status)).toEqual([200, 200])
    await vi.waitFor(async () => expect((await list()).filter(({ status }) => status === 'pending')).toHaveLength(1))
    const [fresh] = (await list()).filter(({ status }) => status === 'pending')
    expect(fresh).toMatchObject({ tool: 'run_command', args: approval.args, title: approval.title, votes: [] })
    const old = await again(approval.id)
    expect(old.notes).toMatchObject([{ kind: 'asked_again', runId: fresh?.runId }])
    expect(fresh?.requestedBy.causedByName).toBe(old.notes?.[0]?.name)
    await approve(room.mei, fresh as Approval)
    const next = await room.model.nextRequest()
    expect(asked(next.request)).toContain('echo clean')
    next.delta('Clean now.').finish()
    await session.until(fresh?.runId, 'completed')
    expect((await session.items()).filter((item) => item.type === 'tool_call')).toMatchObject([
      { status: 'denied' },
      { startedAt: expect.any(Number), args: { command: 'echo clean' } },
    ])
    expect((await post(room.mei, fresh as Approval, 'ask-again')).status).toBe(409)
  })

  test('while the run goes on its agent is asked instead', async () => {
    const { runId, approval, next } = await late(async () => undefined)
    expect((await post(room.mei, approval, 'ask-again', { text: 'Please ask once more.' })).status).toBe(200)
    room.model.queue(says('I will.'))
    next.delta('Then not.').finish()
    await session.until(runId, 'completed')
    expect(await session.said()).toContain('Mei: Please ask once more.')
    expect((await again(approval.id)).notes).toMatchObject([{ kind: 'asked_again', name: 'Mei' }])
  })

  test('who may not decide asks somebody who may, now and then', async () => {
    const { runId, approval } = await waiting()
    expect((await post(room.tomas, approval, 'nudge', { to: room.mei.id })).status).toBe(200)
    const soon = await post(room.tomas, approval, 'nudge', { to: room.mei.id })
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, '300'])
    expect((await post(room.tomas, approval, 'nudge', { to: room.tomas.id })).status).toBe(400)
    expect((await again(approval.id)).notes).toMatchObject([{ kind: 'nudged', name: 'Tomás', to: room.mei.id, toName: 'Mei' }])
    now += approvalLimits.nudgeEveryMs
    expect((await post(room.tomas, approval, 'nudge', { to: room.mei.id })).status).toBe(200)
    await room.ada.json('POST', `/api/runs/${runId}/cancel`)
  })
})
