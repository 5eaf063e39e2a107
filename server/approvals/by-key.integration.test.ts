import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readPendingApprovals } from '#shared/projects/doc.ts'
import type { Approval, Decided } from '#shared/approvals/schema.ts'
import { readApprovalState } from '#shared/sessions/doc.ts'
import { send } from '../testing/people.ts'
import { openRunRoom } from '../testing/run-room.ts'
import type { RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { itemOf } from './store.ts'

let room: RunRoom
beforeAll(async () => {
  room = await openRunRoom()
})
afterAll(() => room?.close())

/** Ada's key, asking something of a request. */
const by = (secret: string, { id }: Approval, what: string, body: unknown = {}) =>
  send(room.server.url, `/api/approvals/${id}/${what}`, { method: 'POST', body, headers: { authorization: `Bearer ${secret}` } })

async function waiting() {
  const session = await room.openSession()
  room.model.queue(calls(['run_command', { command: 'rm -rf build' }]))
  const { runId } = await session.send(room.ada, 'clean up')
  await session.until(runId, 'waiting')
  return { session, runId, approval: await room.pending() }
}

test('a key without the scope decides nothing in its owner’s name; one with it does, and everybody sees that it was a key', async () => {
  const { session, runId, approval } = await waiting()
  const usual = await room.ada.makeKey()
  for (const [what, body] of [
    ['decision', { decision: 'approve' }],
    ['decision', { decision: 'deny' }],
    ['edit', { args: { command: 'ls' } }],
    ['extend', { expiresAt: 1 }],
    ['take-back', {}],
  ] as const) {
    const refused = await by(usual, approval, what, body)
    expect([what, refused.status]).toEqual([what, 403])
    expect(await refused.json()).toMatchObject({ error: { message: 'This API key may not do this: it does not have the scope “decide”.' } })
  }
  expect(await room.pending()).toMatchObject({ id: approval.id, votes: [], args: approval.args })

  const ci = await room.ada.makeKey(['read', 'decide'], 'CI')
  room.model.queue(says('Then not.'))
  const decided = (await (await by(ci, approval, 'decision', { decision: 'deny', reason: 'not here' })).json()) as Decided
  expect(decided.votes).toMatchObject([{ by: room.ada.id, name: 'Ada', decision: 'deny', key: 'CI' }])
  const opened = await room.server.parts.documents.open({ kind: 'session', sessionId: session.id })
  await vi.waitFor(() => expect(readApprovalState(opened.doc, itemOf(approval.id))?.votes).toMatchObject([{ name: 'Ada', key: 'CI' }]))
  await opened.close()
  await session.until(runId, 'completed')
  const item = (await session.items()).find((one) => one.type === 'approval')
  expect(item?.type === 'approval' && item.approval.votes).toMatchObject([{ name: 'Ada', key: 'CI' }])
})

test('a vote by hand says nothing of a key, also after one that a key gave', async () => {
  const { session, runId, approval } = await waiting()
  const ci = await room.ada.makeKey(['decide'], 'CI')
  expect((await by(ci, approval, 'edit', { args: { command: 'ls build' } })).status).toBe(200)
  room.model.queue(says('Listed.'))
  const decided = (await (await room.decide(room.ada, approval, { decision: 'approve' })).json()) as Decided
  expect(decided.votes).toHaveLength(1)
  expect(decided.votes[0]).not.toHaveProperty('key')
  await session.until(runId, 'completed')
})

test('whatever is said of a request is said of its arguments as they are now', async () => {
  const { session, approval } = await waiting()
  expect(approval).toMatchObject({ title: 'Run rm -rf build', risk: 'high' })
  const opened = await room.server.parts.documents.open({ kind: 'session', sessionId: session.id })
  const project = await room.server.parts.documents.open({ kind: 'project', projectId: room.projectId })
  expect((await room.mei.fetch(`/api/approvals/${approval.id}/edit`, { method: 'POST', body: { args: { command: 'ls build' } } })).status).toBe(200)
  const now = { title: 'Run ls build', risk: 'low', args: { command: 'ls build' }, reasons: [{ code: 'reads' }] }
  expect(await room.pending()).toMatchObject(now)
  await vi.waitFor(() => expect(readApprovalState(opened.doc, itemOf(approval.id))).toMatchObject(now))
  await vi.waitFor(() => expect(readPendingApprovals(project.doc)).toMatchObject([now]))
  const item = (await session.items()).find((one) => one.type === 'approval')
  expect(item?.type === 'approval' && item.approval).toMatchObject(now)
  await Promise.all([opened.close(), project.close()])
  room.model.queue(says('Fine.'))
  // A rule that is made of it covers no more than what it is now.
  await room.decide(room.ada, approval, { decision: 'approve', scope: 'always' })
  const { rules } = await room.ada.json<{ rules: unknown[] }>('GET', `/api/projects/${room.projectId}/rules`)
  expect(rules).toMatchObject([{ tool: 'run_command', maxRisk: 'low' }])
})
