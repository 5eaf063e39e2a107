import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A way to a Postgres that can be taken away. */
export type DatabaseGate = {
  /** The address by which a server reaches the database through here. */
  url: string
  /** Nothing gets through any more, and nothing ends, as when the machine hangs. */
  hold(): void
  /** What was held goes on. */
  resume(): void
  /** Nothing answers there any more, as when it is down. */
  shut(): Promise<void>
  /** It answers again, at the same address. */
  open(): Promise<void>
}

export async function openDatabaseGate(databaseUrl: string): Promise<DatabaseGate> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let held = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('data', (chunk) => other.write(chunk))
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      if (held) one.pause()
    }
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const own = (server.address() as AddressInfo).port
  const url = new URL(databaseUrl)
  url.port = String(own)
  return {
    url: url.href,
    hold() {
      held = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      held = false
      for (const socket of sockets) socket.resume()
    },
    async shut() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    open: () => listen(own),
  }
}
