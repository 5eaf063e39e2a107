import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { openDesktopRoom } from '../desktop/testing/desktop-room.ts'
import type { DesktopRoom } from '../desktop/testing/desktop-room.ts'
import { connectRfb, encodings, key, updateRequest } from '../desktop/testing/rfb-client.ts'
import type { RfbClient } from '../desktop/testing/rfb-client.ts'
import { watchBesideASlowOne } from '../desktop/testing/slow-viewer.ts'
import { makeProject } from '../testing/people.ts'
import { count, median, ms, times } from './figures.ts'
import type { Figure } from './figures.ts'

const samples = 150
const starts = 5

/** The desktop from cold, and how long a key takes to become a pixel: through the filter, and through nothing but a pipe. */
export async function benchDesktop(): Promise<Figure[]> {
  const room = await openDesktopRoom()
  try {
    const cold = [room.startMs]
    for (let at = 1; at < starts; at++) cold.push(await coldStart(room))
    const slowest = Math.max(...cold)
    const { ours, plain } = await keyToPixel(room)
    await room.run('pkill xterm')
    const slow = await watchBesideASlowOne(room)
    return [
      {
        what: 'desktop ready from cold',
        measured: `${ms(median(cold))} median, ${ms(slowest)} slowest of ${starts}`,
        bound: '≤ 1.5 s',
        ok: slowest <= 1500,
      },
      {
        what: 'key to pixel through the filter',
        measured: `${ms(ours)}, ${times(ours / plain)} of a plain pipe (${ms(plain)})`,
        bound: '≤ 1.2×',
        ok: ours / plain <= 1.2,
      },
      {
        what: 'a busy desktop, beside somebody behind 100 KB/s',
        measured:
          `${share(slow.beside)} of the frames, alone ${share(slow.alone)}; behind the slow network ${share(slow.slow)} at quality ${slow.quality} of 9, ` +
          `${ms(slow.lagMs)} late, ${count(slow.backlog)} bytes under way; ${share(slow.recovered)} once it recovers`,
        bound: '≥ 0.8 of alone, ≤ 512 KB under way',
        ok: slow.beside >= 0.8 * slow.alone && slow.backlog <= 512 * 1024 && slow.slow > 0,
      },
    ]
  } finally {
    await room.close()
  }
}

const share = (value: number) => `${Math.round(value * 100)} %`

async function coldStart(room: DesktopRoom): Promise<number> {
  const { id } = await makeProject(room.ada)
  await room.ada.json('POST', `/api/projects/${id}/sandbox/start`)
  const begunAt = performance.now()
  await room.ada.json('POST', `/api/projects/${id}/desktop/start`)
  const took = performance.now() - begunAt
  await room.ada.fetch(`/api/projects/${id}`, { method: 'DELETE' })
  return took
}

async function keyToPixel(room: DesktopRoom): Promise<{ ours: number; plain: number }> {
  await room.run('setsid xterm -geometry 80x24+20+20 >/dev/null 2>&1 & sleep 1; xdotool mousemove 200 200 click 1')
  const pipe = await plainPipe(room)
  const filtered = room.connect(room.ada)
  const bare = connectRfb(pipe.url)
  await Promise.all([filtered.opened, bare.opened])
  await room.control(room.ada, 'take_over')
  for (const client of [filtered, bare]) {
    client.send(encodings(0))
    await client.round()
  }
  const taken = { ours: [] as number[], plain: [] as number[] }
  // In turns, so that both see the same machine.
  for (let at = 0; at < samples + 10; at++) {
    const [ours, plain] = [await oneKey(filtered), await oneKey(bare)]
    if (at < 10) continue
    taken.ours.push(ours)
    taken.plain.push(plain)
  }
  for (const client of [filtered, bare]) client.close()
  pipe.close()
  return { ours: median(taken.ours), plain: median(taken.plain) }
}

/** Presses a key and waits for the picture to change. */
async function oneKey(client: RfbClient): Promise<number> {
  client.send(updateRequest(1280, 800))
  await update(client)
  await sleep(5)
  client.send(updateRequest(1280, 800, true))
  const begunAt = performance.now()
  client.send(Buffer.concat([key(0x78, true), key(0x78, false)]))
  await update(client)
  return performance.now() - begunAt
}

/** One update of raw rectangles. */
async function update(client: RfbClient): Promise<void> {
  const head = await client.take(4)
  for (let left = head.readUInt16BE(2); left > 0; left--) {
    const rect = await client.take(12)
    await client.take(rect.readUInt16BE(4) * rect.readUInt16BE(6) * 4)
  }
}

/** What websockify does: bytes from a websocket to the display and back, unseen. */
async function plainPipe(room: DesktopRoom) {
  const sandbox = await room.server.parts.sandboxes.get(room.projectId)
  const http = createServer()
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  sockets.on('connection', (ws) => {
    void sandbox.desktop.connect().then((stream) => {
      stream.on('data', (chunk: Buffer) => ws.send(chunk))
      ws.on('message', (data: Buffer) => stream.write(data))
      ws.once('close', () => stream.destroy())
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => (sockets.close(), http.close()) }
}
