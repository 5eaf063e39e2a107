import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import { authFrame, messageType } from './frames.ts'
import { loadDocument } from './load.ts'
import { hostileMind } from './testing/hostile-mind.ts'
import { generator, pick } from '../testing/chance.ts'
import { mutate } from './testing/mutate.ts'
import { awarenessFrame, rawFrame, statelessFrame, syncFrame } from './testing/frames.ts'
import { startRoom, type TestRoom } from './testing/room.ts'

/** Set ATRIUM_FUZZ_FRAMES for a longer run, ATRIUM_FUZZ_SEED to repeat one. */
const frames = Number(process.env.ATRIUM_FUZZ_FRAMES ?? 5_000)
const seed = Number(process.env.ATRIUM_FUZZ_SEED ?? Date.now() % 2 ** 31)

/** Far more than any frame costs, and less than one that was not bounded would. */
const stallMs = 10_000

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
      const ws = room.raw(yjs ? `/yjs/${random() < 0.7 ? room.board : room.project}?token=${encodeURIComponent(who.token)}` : '/sync')
      sockets++
      ws.on('error', () => undefined)
      ws.on('close', (code) => closes.set(code, (closes.get(code) ?? 0) + 1))
      await Promise.race([once(ws, 'open'), once(ws, 'close')])
      if (!yjs) for (const name of [room.board, room.project, room.session]) ws.send(authFrame(name, who.token))
      for (let i = 0; i < 60 && sent < frames && ws.readyState === ws.OPEN; i++) {
        const valid = pick(corpus, random)
        const frame = mutate(strip(yjs, valid), corpus, random)
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
  expect(delay.max / 1e6).toBeLessThan(stallMs)
  await witness.marked()
  expect(witness.doc.getArray('items').toJSON()).toEqual([])
  const alive = room.tab(room.ada).open(room.board)
  await alive.synced()
  alive.doc.getMap('todos').set('alive', true)
  await alive.marked()
})

test(`${frames} well-formed frames of a hostile mind, on sockets that stay open`, { timeout: 1_200_000 }, async () => {
  process.stderr.write(`deep fuzz seed ${seed}\n`)
  const random = generator(seed)
  room.roles.set(room.tomas.id, 'editor')
  const witness = room.tab(room.ada).open(room.board)
  await witness.synced()
  witness.doc.getMap('todos').set('honest before', 1)
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const printed: unknown[][] = []
  const printing = vi.spyOn(console, 'error').mockImplementation((...line) => void printed.push(line))
  const counts = { sent: 0, sockets: 0, answers: 0 }
  const closes = new Map<number, number>()
  const files = new Set<string>()
  const crowd = hostileMind(random)

  const one = async (worker: number) => {
    for (let round = 0; counts.sent < frames; round++) {
      const yjs = worker % 4 === 3
      const who = pick([room.ada, room.mei, room.tomas], random)
      const file = `file/${room.projectId}/fuzz/${worker}-${round}.txt`
      files.add(file)
      const names = yjs ? [file] : [room.board, room.project, room.session, file, file, file, file, `${file}\0tab`]
      const ws = room.raw(yjs ? `/yjs/${encodeURIComponent(file)}?token=${encodeURIComponent(who.token)}` : '/sync')
      counts.sockets++
      ws.on('error', () => undefined)
      ws.on('close', (code) => closes.set(code, (closes.get(code) ?? 0) + 1))
      ws.on('message', () => counts.answers++)
      await Promise.race([once(ws, 'open'), once(ws, 'close')])
      const signIn = () => yjs || names.forEach((name) => ws.send(authFrame(name, who.token)))
      signIn()
      for (let i = 1; i < 1_500 && counts.sent < frames && ws.readyState === ws.OPEN; i++) {
        const name = pick(names, random)
        let frame = crowd.frame(name, name === room.board)
        while (yjs && !yjsTypes.has(strip(yjs, frame)[0] ?? -1)) frame = crowd.frame(name, false)
        counts.sent++
        // A whole answer, so that edits whose predecessors are missing are not too many in a row.
        if (i % 20 === 0) for (const each of names) ws.send(strip(yjs, syncFrame(each, 1, Uint8Array.of(0, 0))))
        // Signed in already: the same person again. Refused or closed: opened again.
        if (i % 100 === 0) signIn()
        if (i % 8 === 0) await delivered(ws, strip(yjs, frame))
        else ws.send(strip(yjs, frame))
      }
      ws.terminate()
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, worker) => one(worker)))
  await witness.marked()
  delay.disable()
  printing.mockRestore()
  process.stderr.write(
    `deep fuzz: ${counts.sent} frames on ${counts.sockets} sockets, ${counts.answers} answers, longest stall ${Math.round(delay.max / 1e6)} ms, ` +
      `${crashes.length} crashes, ${printed.length} lines printed, closed with ${JSON.stringify(Object.fromEntries(closes))}\n`,
  )
  expect(crashes).toEqual([])
  // Hocuspocus prints a line where Yjs throws at what is read and not applied; a flood of frames must not be one of lines.
  expect(printed.length, String(printed[0])).toBeLessThanOrEqual(1 + counts.sent / 20_000)
  expect(delay.max / 1e6).toBeLessThan(stallMs)
  expect(counts.sent / counts.sockets).toBeGreaterThan(100)

  // Forged ids can make Yjs show different things in different places, but the log knows all that memory knows, and what
  // is honest is everywhere.
  witness.doc.getMap('todos').set('honest after', 1)
  await witness.marked()
  const honest = { 'honest before': 1, 'honest after': 1 }
  for (const name of [room.board, room.project, room.session, ...files]) {
    const opened = await room.sync.documents.open(parseDocumentName(name))
    const known = (doc: Y.Doc) => [...Y.snapshot(doc).sv].toSorted(([one], [other]) => one - other)
    // Of a socket that has just ended, what the server had read of it is still worked through.
    const kept = await vi.waitFor(async () => {
      await opened.flushed()
      const loaded = new Y.Doc()
      await loadDocument(database, name, loaded)
      expect([name, known(loaded)]).toEqual([name, known(opened.doc)])
      return loaded
    }, 10_000)
    for (const doc of name === room.board ? [kept, opened.doc, witness.doc] : []) expect(doc.getMap('todos').toJSON()).toMatchObject(honest)
    const written = [room.project, room.session].includes(name) ? opened.doc.store.clients.size : 0
    expect([name, written]).toEqual([name, 0])
    await opened.close()
  }
})

const yjsTypes: ReadonlySet<number> = new Set([messageType.sync, messageType.awareness, messageType.queryAwareness])

/** Without the name, on a socket that is one document. */
const strip = (yjs: boolean, frame: Uint8Array) => (yjs ? frame.subarray((frame[0] ?? 0) + 1) : frame)

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
