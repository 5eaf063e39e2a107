import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { authFrame } from './frames.ts'
import { awarenessFrame, rawFrame, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

/** Set ATRIUM_FUZZ_FRAMES for a longer run, ATRIUM_FUZZ_SEED to repeat one. */
const frames = Number(process.env.ATRIUM_FUZZ_FRAMES ?? 5_000)
const seed = Number(process.env.ATRIUM_FUZZ_SEED ?? Date.now() % 2 ** 31)

let database: Database
let room: TestRoom
const crashes: unknown[] = []
const crashed = (reason: unknown) => void crashes.push(reason)
beforeAll(async () => {
  process.on('unhandledRejection', crashed)
  process.on('uncaughtException', crashed)
  database = await openTestDatabase('embedded')
  room = await startRoom(database)
})
afterAll(async () => {
  await room.stop()
  await database.close()
  process.off('unhandledRejection', crashed)
  process.off('uncaughtException', crashed)
})

test(`${frames} mutated frames on both endpoints end no process, stall nobody and change nothing they may not`, { timeout: 1_200_000 }, async () => {
  process.stderr.write(`fuzz seed ${seed}\n`)
  const random = generator(seed)
  const corpus = validFrames()
  const witness = room.tab(room.ada).open(room.session)
  await witness.synced()
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  // The server shares its process with the fuzzer: a stall of either shows.
  let sent = 0
  let sockets = 0
  const closes = new Map<number, number>()
  const complain = console.error
  console.error = () => undefined
  const one = async () => {
    while (sent < frames) {
      const yjs = random() < 0.4
      const who = random() < 0.5 ? room.ada : room.mei
      const ws = room.raw(yjs ? `/yjs/${random() < 0.7 ? room.board : room.project}?token=${who.token}` : '/sync')
      sockets++
      ws.on('error', () => undefined)
      ws.on('close', (code) => closes.set(code, (closes.get(code) ?? 0) + 1))
      await Promise.race([once(ws, 'open'), once(ws, 'close')])
      if (!yjs) for (const name of [room.board, room.project, room.session]) ws.send(authFrame(name, who.token))
      for (let i = 0; i < 60 && sent < frames && ws.readyState === ws.OPEN; i++) {
        const valid = pick(corpus, random)
        const frame = mutate(yjs ? valid.subarray((valid[0] ?? 0) + 1) : valid, corpus, random)
        sent++
        await delivered(ws, frame)
      }
      ws.terminate()
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  console.error = complain
  delay.disable()
  process.stderr.write(
    `fuzz: ${sent} frames on ${sockets} sockets, longest stall ${Math.round(delay.max / 1e6)} ms, ${crashes.length} crashes, closed with ${JSON.stringify(Object.fromEntries(closes))}\n`,
  )
  expect(crashes).toEqual([])
  expect(delay.max / 1e6).toBeLessThan(1_000)
  await witness.marked()
  expect(witness.doc.getArray('items').toJSON()).toEqual([])
  const alive = room.tab(room.ada).open(room.board)
  await alive.synced()
  alive.doc.getMap('todos').set('alive', true)
  await alive.marked()
})

/** mulberry32 */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T

/** Resolves when the server has read it, or has closed. */
const delivered = (ws: WebSocket, frame: Uint8Array) =>
  new Promise<void>((resolve) => {
    const done = () => {
      ws.off('pong', done)
      ws.off('close', done)
      resolve()
    }
    ws.once('pong', done)
    ws.once('close', done)
    ws.send(frame)
    ws.ping()
  })

function validFrames(): Uint8Array[] {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'hello world')
  doc.getText('content').format(0, 5, { bold: true })
  const todo = doc.getMap('todos').set('tdo_1', new Y.Map()) as Y.Map<unknown>
  todo.set('text', 'plan')
  todo.set('order', 'a0')
  todo.set('n', 12.5)
  todo.set('list', [1, null, { deep: [true, 'x'] }])
  doc.getArray('items').push([{ type: 'message', text: 'forged' }, 'a'])
  doc.getText('content').delete(2, 3)
  const update = Y.encodeStateAsUpdate(doc)
  const vector = Y.encodeStateVector(doc)
  return [room.board, room.project, room.session].flatMap((name) => [
    syncFrame(name, 0, vector),
    syncFrame(name, 0, Uint8Array.of(0)),
    syncFrame(name, 1, update),
    syncFrame(name, 2, update),
    syncFrame(name, 2, update, 4),
    awarenessFrame(name, [
      [5, 3, { user: { id: 'x', name: 'y' }, typing: null }],
      [6, 1, null],
    ]),
    statelessFrame(name, { type: 'mark', mark: 4 }),
    rawFrame(name, 3),
    rawFrame(name, 6),
    rawFrame(name, 7),
    rawFrame(`${name}\0tab`, 3),
    authFrame(name, room.ada.token),
    authFrame(name, 'sk_nobody'),
  ])
}

const lengths = [0x00, 0x7f, 0x80, 0xff]

function mutate(valid: Uint8Array, corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const frame = Uint8Array.from(valid)
  const at = () => Math.floor(random() * frame.length)
  switch (Math.floor(random() * 8)) {
    case 0:
      return frame.subarray(0, at())
    case 1: {
      for (let i = 0; i < 1 + random() * 8; i++) frame[at()] = Math.floor(random() * 256)
      return frame
    }
    case 2: {
      // A number that claims a great deal.
      const start = at()
      for (let i = start; i < Math.min(start + 4, frame.length); i++) frame[i] = 0xff
      return frame
    }
    case 3:
      frame[at()] = pick(lengths, random)
      return frame
    case 4:
      return Buffer.concat([frame.subarray(0, at()), pick(corpus, random)])
    case 5: {
      const cut = at()
      return Buffer.concat([frame.subarray(0, cut), crypto.getRandomValues(new Uint8Array(Math.floor(random() * 2_000))), frame.subarray(cut)])
    }
    case 6: {
      // Damage behind the name, where the protocol is.
      const from = Math.min(frame.length - 1, 40)
      for (let i = 0; i < 3; i++) frame[from + Math.floor(random() * (frame.length - from))] = Math.floor(random() * 256)
      return frame
    }
    default:
      return frame
  }
}
