import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import type { UserId } from '#shared/base/ids.ts'
import { openTestDatabase } from '../testing/database.ts'
import { authFrame } from './frames.ts'
import { limits } from './limits.ts'
import { closedWith, joinRaw } from './testing/frames.ts'
import { startRoom } from './testing/room.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function startOurs(options: Parameters<typeof startRoom>[2]) {
  const database = await openTestDatabase('embedded')
  const room = await startRoom(database, undefined, options)
  cleanUp.push(() => database.close(), room.stop)
  return room
}

const opened = async (ws: WebSocket) => {
  ws.on('error', () => undefined)
  if (ws.readyState !== ws.OPEN) await once(ws, 'open')
  return ws
}

/** Listened for from the beginning: it may come with the opening. */
const closedAtOnce = (ws: WebSocket) => {
  ws.on('error', () => undefined)
  return closedWith(ws)
}

test('a flood of openings waits for itself: a few at a time, and everybody else is served', async () => {
  let asking = 0
  let most = 0
  const flooding: { id?: UserId } = {}
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
  const room = await startOurs({
    async askRole(userId) {
      if (userId !== flooding.id) return
      most = Math.max(most, ++asking)
      await held
      asking--
    },
  })
  flooding.id = room.mei.id
  const flood = await Promise.all(Array.from({ length: 10 }, () => opened(room.raw('/sync', { cookie: room.mei.cookie }))))
  for (const [at, ws] of flood.entries()) {
    for (let n = 0; n < 40; n++) ws.send(authFrame(`file/${room.projectId}/many/${at}-${n}.txt`, ''))
  }
  await vi.waitFor(() => expect(asking).toBe(limits.openingPerPerson))
  // Among them documents that somebody else opens as well: they do not wait for who was first.
  const tab = room.tab(room.ada)
  for (const name of [room.board, `file/${room.projectId}/many/3-39.txt`, `file/${room.projectId}/many/0-0.txt`]) await tab.open(name).synced()
  expect(most).toBe(limits.openingPerPerson)
  letGo()
  // Whoever floods is served as well, in time.
  const received = await joinRaw(flood[0] as WebSocket, room.board, '')
  expect(received.length).toBeGreaterThan(1)
  expect(most).toBe(limits.openingPerPerson)
})

test('a person has so many sockets, by cookie and by key together, and room again when one closes', async () => {
  const room = await startOurs({ sockets: 4 })
  const { ada } = room
  const byCookie = await Promise.all([0, 1].map(() => opened(room.raw('/sync', { cookie: ada.cookie }))))
  const byAddress = await opened(room.raw(`/yjs/${room.board}?token=${ada.token}`))
  const byKey = room.raw('/sync')
  await joinRaw(byKey, room.board, ada.token)
  for (const refused of [
    room.raw('/sync', { cookie: ada.cookie }),
    room.raw(`/sync?token=${ada.token}`),
    room.raw(`/yjs/${room.board}`, { cookie: ada.cookie }),
  ]) {
    expect(await closedAtOnce(refused)).toBe(4429)
  }
  const late = await opened(room.raw('/sync'))
  const closed = closedWith(late)
  late.send(authFrame(room.board, ada.token))
  expect(await closed).toBe(4429)
  // Nobody else is kept out.
  await room.tab(room.mei).open(room.board).synced()
  byAddress.close()
  await once(byAddress, 'close')
  await joinRaw(room.raw('/sync', { cookie: ada.cookie }), room.board, '')
  expect(byCookie.every((ws) => ws.readyState === ws.OPEN)).toBe(true)
})

test('sockets that nobody signs in on are few for one address', async () => {
  const room = await startOurs({})
  const nameless = await Promise.all(Array.from({ length: limits.namelessPerAddress }, () => opened(room.raw('/sync'))))
  expect(await closedAtOnce(room.raw('/sync'))).toBe(4429)
  // Whoever has signed in is not counted there any more, and makes place.
  await joinRaw(nameless[0] as WebSocket, room.board, room.ada.token)
  await joinRaw(room.raw('/sync'), room.board, room.ada.token)
})

test('a document that is made anew on an open socket hears that it is signed in', async () => {
  const room = await startOurs({})
  const tab = room.tab(room.ada)
  const first = tab.open(room.board)
  await first.synced()
  await first.provider.sendToken()
  let answers = 0
  first.provider.on('authenticated', () => answers++)
  await vi.waitFor(() => expect(answers).toBe(1))
  expect(first.provider.authorizedScope).toBe('read-write')
})
