import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Approval, PolicyRule } from '#shared/approvals/schema.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { approvals } from './table.ts'

const command = (text: string) => calls(['run_command', { command: text }])

describeOnDatabases('requests that are graded, on %s', (kind) => {
  let room: RunRoom
  let session: Awaited<ReturnType<RunRoom['openSession']>>
  beforeAll(async () => {
    room = await openRunRoom({ database: kind })
  })
  afterAll(() => room.close())
  beforeEach(async () => {
    room.model.answer(undefined)
    session = await room.openSession()
  })

  async function asks(text: string) {
    room.model.queue(command(text))
    const { runId } = await session.send(room.ada, 'go on')
    await session.until(runId, 'waiting')
    return { runId, approval: await room.pending() }
  }
  const edit = (approval: Approval, body: Record<string, unknown>) => room.mei.fetch(`/api/approvals/${approval.id}/edit`, { method: 'POST', body })

  test('a request says how risky its call is, and why', async () => {
    const { runId, approval } = await asks('npm run build && rm -rf build')
    expect(approval).toMatchObject({ risk: 'high' })
    expect(approval.reasons?.[0]).toEqual({ code: 'deletes_files', risk: 'high', text: 'rm -rf build', at: { from: 17, to: 29 } })
    room.model.queue(says('Fine.'))
    await room.decide(room.ada, approval, { decision: 'deny' })
    await session.until(runId, 'completed')

    const second = await asks('ls')
    expect(second.approval).toMatchObject({ risk: 'low', reasons: [{ code: 'reads' }] })
    room.model.queue(says('Fine.'))
    await room.decide(room.ada, second.approval, { decision: 'deny' })
    await session.until(second.runId, 'completed')
  })

  test('an edit is graded anew, is said, and takes the decision only from those who read it', async () => {
    const { runId, approval } = await asks('rm -rf build')
    expect((await edit(approval, { args: { command: 7 } })).status).toBe(400)
    const saved = await edit(approval, { args: { command: 'ls build' }, digest: approval.digest })
    expect(saved.status).toBe(200)
    const now = await room.pending()
    expect(now).toMatchObject({
      args: { command: 'ls build' },
      asked: { command: 'rm -rf build' },
      editedBy: { name: 'Mei' },
      risk: 'low',
      title: 'Run ls build',
      notes: [{ kind: 'edited', name: 'Mei', cleared: [] }],
    })
    expect(now.digest).not.toBe(approval.digest)

    const late = await room.decide(room.ada, approval, { decision: 'approve', digest: approval.digest })
    expect(late.status).toBe(409)
    expect(await late.json()).toMatchObject({ error: { message: 'Mei changed the command while you looked. Read it again.' } })
    expect((await edit(approval, { args: { command: 'pwd' }, digest: approval.digest })).status).toBe(409)

    room.model.queue(says('Listed.'))
    expect((await room.decide(room.ada, now, { decision: 'approve', digest: now.digest })).status).toBe(200)
    await session.until(runId, 'completed')
    const items = await session.items()
    expect(items.find((item) => item.type === 'tool_call')).toMatchObject({ args: { command: 'ls build' } })
    expect((await edit(now, { args: { command: 'pwd' } })).status).toBe(409)
  })

  test('an edit clears the votes of others, by name', async () => {
    const { runId, approval } = await asks('make')
    const { db } = room.server.parts.database
    const { status: _s, votes: _v, decidedAt: _d, ...data } = approval
    await db.update(approvals).set({ data: { ...data, quorum: 2 } })
    expect((await room.decide(room.ada, approval, { decision: 'approve' })).status).toBe(200)
    expect((await room.pending()).votes).toHaveLength(1)
    await edit(approval, { args: { command: 'make all' } })
    const now = await room.pending()
    expect(now.votes).toEqual([])
    expect(now.notes?.at(-1)).toMatchObject({ kind: 'edited', name: 'Mei', cleared: ['Ada'] })
    // The same arguments change nothing.
    await edit(approval, { args: { command: 'make all' } })
    expect((await room.pending()).notes).toHaveLength(1)
    room.model.queue(says('Fine.'))
    await room.decide(room.ada, now, { decision: 'deny' })
    await session.until(runId, 'completed')
  })

  test('approved for the run, the next calls do not ask, unless they are of a higher risk', async () => {
    const { runId, approval } = await asks('mkdir -p data')
    expect(approval.risk).toBe('medium')
    room.model.queue(command('touch data/a'), command('rm -rf data'))
    expect((await room.decide(room.mei, approval, { decision: 'approve', scope: 'run' })).status).toBe(200)
    const next = await expectPending(approval)
    expect(next).toMatchObject({ risk: 'high', args: { command: 'rm -rf data' } })
    const ran = (await session.items()).filter((item) => item.type === 'tool_call')
    expect(ran.map((item) => item.approvalId)).toEqual([approval.id, approval.id])
    expect(await room.decide(room.mei, next, { decision: 'deny', scope: 'run' })).toMatchObject({ status: 400 })
    room.model.queue(says('Fine.'))
    await room.decide(room.mei, next, { decision: 'deny' })
    await session.until(runId, 'completed')

    // Another run asks again.
    const again = await asks('touch data/b')
    room.model.queue(says('Fine.'))
    await room.decide(room.mei, again.approval, { decision: 'deny' })
    await session.until(again.runId, 'completed')
  })

  test('"always" covers no higher risk than the one that was seen', async () => {
    const { runId, approval } = await asks('ls')
    room.model.queue(command('pwd'), command('touch a'))
    await room.decide(room.ada, approval, { decision: 'approve', scope: 'always' })
    const next = await expectPending(approval)
    expect(next).toMatchObject({ risk: 'medium', args: { command: 'touch a' } })
    const { rules } = await room.ada.json<{ rules: PolicyRule[] }>('GET', `/api/projects/${room.projectId}/rules`)
    expect(rules).toMatchObject([{ tool: 'run_command', maxRisk: 'low' }])
    room.model.queue(says('Fine.'))
    await room.decide(room.ada, next, { decision: 'deny' })
    await session.until(runId, 'completed')
  })

  test('a request of before calls were graded goes on as it was', async () => {
    const { runId, approval } = await asks('chmod -R 700 a')
    const { status: _s, votes: _v, decidedAt: _d, reasons: _r, digest: _g, ...data } = approval
    await room.server.parts.database.db.update(approvals).set({ data })
    const old = await room.pending()
    expect(old.reasons).toBeUndefined()
    room.model.queue(says('Fine.'))
    expect((await room.decide(room.ada, old, { decision: 'deny', digest: old.digest })).status).toBe(200)
    await session.until(runId, 'completed')
  })

  /** The next request that is not this one. */
  async function expectPending(than: Approval): Promise<Approval> {
    return expect
      .poll(() => room.pending().catch(() => than), { timeout: 15_000, interval: 20 })
      .not.toMatchObject({ id: than.id })
      .then(() => room.pending())
  }
})
