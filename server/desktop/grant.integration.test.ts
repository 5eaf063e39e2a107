import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Approval } from '#shared/approvals/schema.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { openDesktopRoom } from './testing/desktop-room.ts'
import type { DesktopRoom } from './testing/desktop-room.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

let room: DesktopRoom
let model: ScriptedModel
const at = { timeout: 20_000, interval: 20 }
const move = (x: number): [string, unknown] => ['computer', { action: 'move', x, y: 70 }]

beforeAll(async () => {
  model = await startScriptedModel()
  room = await openDesktopRoom({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' })
})
afterAll(async () => {
  await room.close()
  await model.stop()
})

async function ask(text: string) {
  const { id } = await room.ada.json<{ id: SessionId }>('POST', `/api/projects/${room.projectId}/sessions`, {})
  const { runId } = await room.mei.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text, to: 'agent' })
  return {
    items: async () => (await room.ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items?limit=200`)).items.reverse(),
    run: (status: string) => vi.waitFor(async () => expect((await room.ada.json<Run>('GET', `/api/runs/${runId}`)).status).toBe(status), at),
  }
}
const waiting = async () => {
  const path = `/api/approvals?projectId=${room.projectId}&status=pending`
  return (await room.ada.json<{ approvals: Approval[] }>('GET', path)).approvals
}
const pending = () =>
  vi.waitFor(async () => {
    const [first] = await waiting()
    if (!first) throw new Error('nothing is asked yet')
    return first
  }, at)
const approve = (approval: Approval, more = {}) =>
  room.ada.json('POST', `/api/approvals/${approval.id}/decision`, { decision: 'approve', digest: approval.digest, ...more })

test('looking asks nobody; using the desktop asks once, for all of the run', onDesktop, async () => {
  model.queue(calls(['computer', { action: 'screenshot' }]), calls(move(600), move(610)), calls(move(620)), says('done'))
  const asked = await ask('look, then move')
  const approval = await pending()
  expect(approval).toMatchObject({ title: 'Use the desktop', risk: 'medium', covers: 'run', reasons: [{ code: 'acts_on_desktop', risk: 'low' }] })
  // The second call of the turn is no second request.
  expect(await waiting()).toHaveLength(1)
  await approve(approval)
  await asked.run('completed')
  const items = await asked.items()
  const made = items.filter((item) => item.type === 'tool_call')
  expect(made.map(({ status, approvalId }) => [status, approvalId])).toEqual([
    ['ok', undefined],
    ['ok', approval.id],
    ['ok', approval.id],
    ['ok', approval.id],
  ])
  expect(items.filter((item) => item.type === 'approval')).toHaveLength(1)
})

test('approved once, every call asks', onDesktop, async () => {
  model.queue(calls(move(600)), calls(move(610)), says('done'))
  const asked = await ask('move twice')
  const first = await pending()
  await approve(first, { scope: 'once' })
  const second = await vi.waitFor(async () => {
    const [next] = await waiting()
    if (!next || next.id === first.id) throw new Error('not asked again yet')
    return next
  }, at)
  await approve(second)
  await asked.run('completed')
  expect((await asked.items()).filter((item) => item.type === 'approval')).toHaveLength(2)
})

test('who takes control takes the permission back, and the room is told', onDesktop, async () => {
  model.queue(calls(['computer', { action: 'type', text: 'x'.repeat(5000) }]), calls(move(700)), says('done'))
  const asked = await ask('type for long')
  const first = await pending()
  await approve(first)
  await vi.waitFor(async () => expect((await room.read()).control.holder).toMatchObject({ kind: 'agent' }), at)
  await room.control(room.ada, 'take_over')
  await room.control(room.ada, 'hand_back')
  const again = await pending()
  expect(again.id).not.toBe(first.id)
  expect(again).toMatchObject({ title: 'Use the desktop' })
  const items = await asked.items()
  expect(items.find((item) => item.type === 'event' && item.event === 'control_taken' && item.detail?.asksAgain)).toMatchObject({
    text: 'Ada took control of the desktop from Builder. Builder asks again before it uses the desktop.',
  })
  expect(items.find((item) => item.type === 'approval')).toMatchObject({ approval: { id: first.id, grantEnded: { name: 'Ada' } } })
  await approve(again)
  await asked.run('completed')
})
