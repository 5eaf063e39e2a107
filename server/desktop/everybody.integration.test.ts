import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { SessionId } from '#shared/base/ids.ts'
import { calls, says, startScriptedModel } from '../testing/scripted-model.ts'
import type { ScriptedModel } from '../testing/scripted-model.ts'
import { openDesktopRoom } from './testing/desktop-room.ts'
import type { DesktopRoom } from './testing/desktop-room.ts'
import { attack, createChance } from './testing/hostile.ts'
import { key } from './testing/rfb-client.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

let room: DesktopRoom
let model: ScriptedModel
/** More with ATRIUM_HOSTILE_FRAMES. */
const frames = Number(process.env.ATRIUM_HOSTILE_FRAMES ?? 800)
const at = { timeout: 20_000, interval: 10 }

beforeAll(async () => {
  model = await startScriptedModel()
  room = await openDesktopRoom({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test', ATRIUM_MODEL: 'scripted' })
})
afterAll(async () => {
  await room.close()
  await model.stop()
})

test('hostile frames of viewers, split at random: nothing reaches the desktop, and it serves others', onDesktop, async () => {
  const recorder = await room.record()
  const seed = 20_261_121
  const viewers = [room.tomas, room.mei].map((who, number) =>
    attack(frames / 2, createChance(seed + number), async () => {
      const client = room.connect(who)
      await client.opened
      return client
    }),
  )
  const done = await Promise.all(viewers)
  expect(done.map(({ sent }) => sent)).toEqual([frames / 2, frames / 2])
  const ada = room.connect(room.ada)
  await ada.opened
  await ada.round()
  expect(await recorder.events()).toEqual([])
  // The recorder does record.
  await room.run('xdotool mousemove_relative 3 0')
  await vi.waitFor(async () => expect(await recorder.events()).not.toEqual([]), at)
  ada.close()
})

test('two people and an agent act all the time: what reaches the desktop is of whoever has control', onDesktop, async () => {
  const recorder = await room.record()
  const letters = { Ada: 'a', Mei: 'm', Builder: 'b' } as const
  /** The code of each one's key, as the display has it. */
  const owners = new Map<string, string>()
  for (const [name, letter] of Object.entries(letters)) {
    const code = /keycode\s+(\d+)/.exec(await room.run(`xmodmap -pke | grep -E "= ${letter} ${letter.toUpperCase()}( |$)" | head -1`))?.[1]
    if (code) owners.set(code, name)
  }
  expect(owners.size).toBe(3)

  const ada = room.connect(room.ada)
  const mei = room.connect(room.mei)
  await Promise.all([ada.opened, mei.opened])
  let over = false
  const press = async (client: typeof ada, letter: string) => {
    while (!over) {
      client.send(Buffer.concat([key(letter.charCodeAt(0), true), key(letter.charCodeAt(0), false)]))
      await new Promise((resolve) => setImmediate(resolve))
      if (client.ws.bufferedAmount > 10_000) await client.round()
    }
  }
  const pressing = [press(ada, letters.Ada), press(mei, letters.Mei)]
  const holders: string[] = []
  const note = async () => void holders.push((await room.read()).control.holder?.name ?? '')

  await room.control(room.mei, 'request')
  await note()
  await room.control(room.ada, 'take_over')
  await note()
  await room.control(room.ada, 'hand_back')
  await note()
  // The agent asks like anybody, waits, and types once it is given control; then the owner takes it in the midst of that.
  model.queue(calls(['computer', { action: 'type', text: letters.Builder.repeat(5000) }]), says('done'))
  const { id } = await room.ada.json<{ id: SessionId }>('POST', `/api/projects/${room.projectId}/sessions`, {})
  await room.ada.json('POST', `/api/sessions/${id}/messages`, { text: 'type', to: 'agent' })
  await vi.waitFor(async () => {
    const { approvals } = await room.ada.json<{ approvals: { id: string }[] }>('GET', `/api/approvals?projectId=${room.projectId}&status=pending`)
    await room.ada.json('POST', `/api/approvals/${approvals[0]?.id}/decision`, { decision: 'approve' })
  }, at)
  await vi.waitFor(async () => expect((await room.read()).control.requests).toHaveLength(1), at)
  await room.control(room.mei, 'grant')
  await note()
  await vi.waitFor(async () => {
    const codes = (await recorder.events()).map(({ detail }) => owners.get(detail))
    expect(codes).toContain('Builder')
  }, at)
  await room.control(room.ada, 'take_over')
  await note()
  await room.control(room.ada, 'release')
  over = true
  await Promise.all(pressing)
  await Promise.all([ada.round(), mei.round()])

  expect(holders).toEqual(['Mei', 'Ada', 'Mei', 'Builder', 'Ada'])
  const events = (await recorder.events()).filter(({ type }) => type === 'RawKeyPress')
  const order = events.map(({ detail }) => owners.get(detail) ?? detail).filter((name, index, all) => name !== all[index - 1])
  expect(order).toEqual(holders)
  expect(events.length).toBeGreaterThan(20)
  for (const client of [ada, mei]) client.close()
})
