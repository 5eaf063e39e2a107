import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { cookieOf, send } from '../testing/people.ts'
import { openDesktopRoom } from './testing/desktop-room.ts'
import type { DesktopRoom } from './testing/desktop-room.ts'
import { encodings, key, pointer, updateRequest } from './testing/rfb-client.ts'
import { needs } from '../testing/require.ts'

const onDesktop = await needs('sandbox', 'desktop')

let room: DesktopRoom
beforeAll(async () => {
  room = await openDesktopRoom()
})
afterAll(() => room.close())

describe('who sees the desktop', onDesktop, () => {
  test('members do, each sharing it whatever they ask for', async () => {
    const ada = room.connect(room.ada)
    const tomas = room.connect(room.tomas)
    expect(await ada.opened).toMatchObject({ width: 1280, height: 800, name: 'Desktop' })
    expect(await tomas.opened).toMatchObject({ width: 1280, height: 800 })
    await Promise.all([ada.round(), tomas.round()])
    const script = room.connect(room.ada, `?token=${await room.ada.makeKey()}`)
    await script.opened
    await Promise.all([ada.round(), tomas.round(), script.round()])
    for (const one of [ada, tomas, script]) one.close()
  })

  test('others are told why not', async () => {
    const wrongToken = room.connect(room.ada, '?token=sk_nothing')
    expect(await wrongToken.closed).toMatchObject({ code: closeCodes.unauthenticated.code })
    const foreign = await send(room.server.url, `/api/projects/${room.projectId}/desktop`, { headers: { cookie: 'x=y' } })
    expect(foreign.status).toBe(401)
  })

  test('whoever signs out, or may watch only from now on, is let go at once', async () => {
    const answer = await send(room.server.url, '/api/auth/sign-in', { method: 'POST', body: { email: room.mei.email, password: room.mei.password } })
    const there = room.connect({ ...room.mei, cookie: cookieOf(answer) })
    await there.opened
    await room.control(room.mei, 'request')
    await room.ada.json('PATCH', `/api/projects/${room.projectId}/members/${room.mei.id}`, { role: 'viewer' })
    expect(await there.closed).toMatchObject({ code: closeCodes.roleChanged.code })
    await vi.waitFor(async () => expect((await room.read()).control.holder).toBeNull())
    expect((await room.tryControl(room.mei, 'request')).status).toBe(403)
    await room.ada.json('PATCH', `/api/projects/${room.projectId}/members/${room.mei.id}`, { role: 'editor' })
    const again = room.connect({ ...room.mei, cookie: cookieOf(answer) })
    await again.opened
    await send(room.server.url, '/api/auth/sign-out', { method: 'POST', headers: { cookie: cookieOf(answer) } })
    expect(await again.closed).toMatchObject({ code: closeCodes.unauthenticated.code })
  })
})

describe('who acts on it', onDesktop, () => {
  test('nobody, until they have control; then only they', async () => {
    const ada = room.connect(room.ada)
    const mei = room.connect(room.mei)
    const tomas = room.connect(room.tomas)
    await Promise.all([ada.opened, mei.opened, tomas.opened])
    await room.run('xdotool mousemove 5 5')
    for (const one of [ada, mei, tomas]) one.send(pointer(400, 400))
    await Promise.all([ada.round(), mei.round(), tomas.round()])
    expect(await room.pointerAt()).toBe('x:5 y:5')

    await room.control(room.ada, 'request')
    mei.send(pointer(300, 300))
    ada.send(pointer(100, 120))
    tomas.send(pointer(200, 200))
    await Promise.all([ada.round(), mei.round(), tomas.round()])
    expect(await room.pointerAt()).toBe('x:100 y:120')

    expect((await room.tryControl(room.mei, 'take_over')).status).toBe(403)
    expect((await room.control(room.mei, 'request')).requests).toMatchObject([{ by: { name: 'Mei' } }])
    expect((await room.control(room.ada, 'grant')).holder).toMatchObject({ name: 'Mei' })
    ada.send(pointer(100, 100))
    mei.send(pointer(310, 320))
    await Promise.all([ada.round(), mei.round()])
    expect(await room.pointerAt()).toBe('x:310 y:320')

    // The owner takes it at once, and hands it back.
    expect((await room.control(room.ada, 'take_over')).takenFrom).toMatchObject({ name: 'Mei' })
    expect((await room.control(room.ada, 'hand_back')).holder).toMatchObject({ name: 'Mei' })
    // Her last socket ends: nobody has control.
    mei.close()
    await vi.waitFor(async () => expect((await room.read()).control.holder).toBeNull())
    for (const one of [ada, tomas]) one.close()
  })

  test('what was held is let go at handover', async () => {
    const recorder = await room.record()
    const ada = room.connect(room.ada)
    await ada.opened
    await room.control(room.ada, 'request')
    ada.send(Buffer.concat([key(0xffe1, true), pointer(60, 60, 1)]))
    await ada.round()
    await room.control(room.ada, 'release')
    await vi.waitFor(async () => {
      const types = (await recorder.events()).map(({ type }) => type)
      expect(types.filter((type) => type === 'RawKeyPress')).toHaveLength(types.filter((type) => type === 'RawKeyRelease').length)
      expect(types).toEqual(expect.arrayContaining(['RawKeyPress', 'RawKeyRelease', 'RawButtonPress', 'RawButtonRelease']))
    })
    ada.close()
  })

  test('the clipboard is for whoever has control', async () => {
    const ada = room.connect(room.ada)
    await ada.opened
    ada.send(Buffer.from([6, 0, 0, 0, 0, 0, 0, 5, ...Buffer.from('stray')]))
    await ada.round()
    expect(await room.run('timeout 1 xclip -o -selection clipboard')).not.toBe('stray')
    await room.control(room.ada, 'request')
    ada.send(Buffer.from([6, 0, 0, 0, 0, 0, 0, 5, ...Buffer.from('pasta')]))
    await ada.round()
    await vi.waitFor(async () => expect(await room.run('timeout 1 xclip -o -selection clipboard')).toBe('pasta'))
    // The other way: what is copied there comes to Ada, and to nobody else.
    const tomas = room.connect(room.tomas)
    await tomas.opened
    await tomas.round()
    await room.run('printf copied | xclip -selection clipboard -loops 2 >/dev/null 2>&1')
    const head = await ada.take(8)
    expect([head[0], (await ada.take(head.readInt32BE(4))).toString()]).toEqual([3, 'copied'])
    // An answer to Tomás that begins with his pixel: nothing came before it.
    await tomas.round()
    tomas.send(updateRequest(1, 1))
    expect((await tomas.take(1))[0]).toBe(0)
    tomas.close()
    ada.close()
  })
})

test('an unknown message closes the socket, and only that one', onDesktop, async () => {
  const tomas = room.connect(room.tomas)
  const mei = room.connect(room.mei)
  await Promise.all([tomas.opened, mei.opened])
  tomas.send(Buffer.from([99, 1, 2, 3]))
  expect(await tomas.closed).toEqual({ code: closeCodes.badFrame.code, reason: 'unknown message type 99' })
  await mei.round()
  mei.close()
})

test('a viewer that reads nothing holds up nobody, and costs a bounded amount of memory', onDesktop, async () => {
  const lagging = room.connect(room.tomas)
  const other = room.connect(room.mei)
  await Promise.all([lagging.opened, other.opened])
  lagging.send(encodings(0))
  lagging.ws.pause()
  // Sixty whole pictures of 4 MB each.
  const before = process.memoryUsage()
  for (let at = 0; at < 60; at++) lagging.send(updateRequest(1280, 800))
  for (let at = 0; at < 20; at++) await other.round()
  const after = process.memoryUsage()
  expect(after.rss + after.external - before.rss - before.external).toBeLessThan(100 * 1024 * 1024)
  for (const one of [lagging, other]) one.ws.terminate()
})
