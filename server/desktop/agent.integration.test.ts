import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { SessionId } from '#shared/base/ids.ts'
import type { Run } from '#shared/runs/schema.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { openDesktopRoom } from './testing/desktop-room.ts'
import type { DesktopRoom } from './testing/desktop-room.ts'
import { pointer } from './testing/rfb-client.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

let room: DesktopRoom
let model: ScriptedModel
const at = { timeout: 15_000, interval: 10 }

beforeAll(async () => {
  model = await startScriptedModel()
  room = await openDesktopRoom({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' })
  // The first call is asked about; Ada allows them all.
  const { run, approve } = await ask('look')
  model.queue(calls(['computer', { action: 'move', x: 1, y: 1 }]), says('seen'))
  await approve()
  await run('completed')
})
afterEach(async () => {
  const { holder } = (await room.read()).control
  if (holder) await room.control(room.ada, 'take_over').then(() => room.control(room.ada, 'release'))
})
afterAll(async () => {
  await room.close()
  await model.stop()
})

/** A message of Mei's in a new session, and what came of it. */
async function ask(text: string) {
  const { id } = await room.ada.json<{ id: SessionId }>('POST', `/api/projects/${room.projectId}/sessions`, {})
  const { runId } = await room.mei.json<{ runId: string }>('POST', `/api/sessions/${id}/messages`, { text, to: 'agent' })
  const items = async () => (await room.ada.json<{ items: Item[] }>('GET', `/api/sessions/${id}/items?limit=200`)).items.reverse()
  return {
    id,
    items,
    calls: async () => (await items()).filter((item): item is ToolCallItem => item.type === 'tool_call'),
    run: (status: string) => vi.waitFor(async () => expect((await room.ada.json<Run>('GET', `/api/runs/${runId}`)).status).toBe(status), at),
    waitingFor: async () => (await room.ada.json<Run>('GET', `/api/runs/${runId}`)).waitingFor,
    interrupt: () => room.mei.json('POST', `/api/sessions/${id}/messages`, { text: 'stop that', to: 'agent', mode: 'interrupt' }),
    approve: () =>
      vi.waitFor(async () => {
        const { approvals } = await room.ada.json<{ approvals: { id: string }[] }>('GET', `/api/approvals?projectId=${room.projectId}&status=pending`)
        if (!approvals[0]) throw new Error('nothing is asked yet')
        await room.ada.json('POST', `/api/approvals/${approvals[0].id}/decision`, { decision: 'approve', scope: 'always' })
      }, at),
  }
}

test('an agent opens a program, types into it, and is shown the screen', onDesktop, async () => {
  model.queue(
    calls(['computer', { action: 'open', target: 'terminal' }]),
    calls([
      'computer',
      {
        actions: [
          { action: 'type', text: 'printf "Grüße ✓" > seen.txt' },
          { action: 'key', key: 'Return' },
        ],
      },
    ]),
    says('done'),
  )
  const asked = await ask('write it in a terminal')
  await asked.run('completed')
  await vi.waitFor(async () => expect(await room.run('cat seen.txt')).toBe('Grüße ✓'), at)
  const made = await asked.calls()
  expect(made.map(({ status }) => status)).toEqual(['ok', 'ok'])
  const result = made[1]?.result as { summary: string; steps: { action: string; tookMs: number }[]; watch: string; width: number }
  expect(result.summary).toBe('Type “printf "Grüße ✓" > seen.txt”, then Press Return')
  expect(result.steps).toHaveLength(2)
  expect(result).toMatchObject({ width: 1280, watch: `/p/${room.projectId}?tab=desktop` })

  // A thumbnail for people, a picture for the model.
  const picture = await room.tomas.fetch(`/api/projects/${room.projectId}/artifacts/${made[1]?.artifactId}`)
  expect(picture.headers.get('content-type')).toBe('image/png')
  const bytes = Buffer.from(await picture.arrayBuffer())
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1280, 800])
  const last = model.requests.at(-1)?.raw.messages as { role: string; content: unknown }[]
  expect(last.at(-1)).toMatchObject({
    role: 'user',
    content: [{ type: 'text' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${bytes.toString('base64')}` } }, { type: 'text' }],
  })
  // Its run has ended: it holds nothing any more.
  await vi.waitFor(async () => expect((await room.read()).control.holder).toBeNull(), at)
})

test(
  'somebody who takes control stops it in the midst of an action; its next call waits, and goes on when control comes back',
  onDesktop,
  async () => {
    model.queue(calls(['computer', { action: 'type', text: 'x'.repeat(5000) }]), calls(['computer', { action: 'move', x: 700, y: 70 }]), says('done'))
    const asked = await ask('type a lot')
    await vi.waitFor(async () => expect((await room.read()).control.holder).toMatchObject({ kind: 'agent', name: 'Builder' }), at)
    await room.control(room.mei, 'take_over')
    await asked.run('waiting')
    expect(await asked.waitingFor()).toEqual({ kind: 'control' })
    const [cut] = await asked.calls()
    expect(cut).toMatchObject({ status: 'failed', error: { code: 'control_taken', message: expect.stringContaining('Mei took control') as string } })
    expect((await room.read()).control.requests).toMatchObject([{ by: { kind: 'agent', name: 'Builder' } }])

    const mei = room.connect(room.mei)
    await mei.opened
    mei.send(pointer(33, 44))
    await mei.round()
    expect(await room.pointerAt()).toBe('x:33 y:44')
    await room.control(room.mei, 'hand_back')
    await asked.run('completed')
    expect(await room.pointerAt()).toBe('x:700 y:70')
    expect((await asked.calls()).map(({ status }) => status)).toEqual(['failed', 'ok'])
    const told = (await asked.items()).flatMap((item) =>
      item.type === 'event' && item.event.startsWith('control') ? [[item.text, item.by?.name, item.detail?.other]] : [],
    )
    expect(told).toEqual([
      ['Builder took control of the desktop.', 'Builder', undefined],
      ['Mei took control of the desktop from Builder.', 'Mei', 'Builder'],
      ['Mei handed the desktop to Builder.', 'Mei', 'Builder'],
    ])
    mei.close()
  },
)

test('an interrupting message stops it at once, and a denied request tells it so', onDesktop, async () => {
  model.queue(calls(['computer', { action: 'type', text: 'y'.repeat(5000) }]), says('stopped'))
  const typing = await ask('type more')
  await vi.waitFor(async () => expect((await room.read()).control.holder).toMatchObject({ kind: 'agent' }), at)
  await typing.interrupt()
  await typing.run('completed')
  expect((await typing.calls()).map(({ status }) => status)).toEqual(['cancelled'])

  await vi.waitFor(async () => expect((await room.read()).control.holder).toBeNull(), at)
  await room.control(room.mei, 'request')
  model.queue(calls(['computer', { action: 'move', x: 1, y: 1 }]), says('then not'))
  const denied = await ask('move')
  await denied.run('waiting')
  await room.control(room.mei, 'deny')
  await denied.run('completed')
  expect((await denied.calls())[0]).toMatchObject({ status: 'denied', error: { message: expect.stringContaining('Mei keeps control') as string } })
})

test('bad arguments and unknown programs are told to the model', onDesktop, async () => {
  model.queue(
    calls(
      ['computer', { action: 'click' }],
      ['computer', { action: 'key', key: 'hyper+q' }],
      ['computer', { action: 'move', x: 5000, y: 3 }],
      ['computer', { action: 'open', target: "nothing'; touch /tmp/pwned; '" }],
    ),
    says('ok'),
  )
  const asked = await ask('try')
  await asked.run('completed')
  expect((await asked.calls()).map(({ error }) => error?.code)).toEqual(['invalid_arguments', 'invalid_arguments', 'invalid_input', 'not_found'])
  expect(await room.run('ls /tmp/pwned 2>/dev/null')).toBe('')
})
