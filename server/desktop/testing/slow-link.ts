import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

const tickMs = 10

/**
 * A link to a server that lets through only so much of what comes from it. Bytes that wait are left where they are: the
 * server meets the same as with a slow network.
 */
export async function openSlowLink(serverUrl: string) {
  const { hostname, port } = new URL(serverUrl)
  const sockets = new Set<Socket>()
  let bytesPerSecond = Number.POSITIVE_INFINITY
  const server = createServer({ highWaterMark: 16 * 1024 }, (near) => {
    const far = connect({ host: hostname, port: Number(port) })
    for (const one of [near, far]) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.once('close', () => {
        sockets.delete(one)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    let allowed = 0
    let at = performance.now()
    far.on('data', (chunk: Buffer) => {
      near.write(chunk)
      if (bytesPerSecond === Number.POSITIVE_INFINITY) return
      allowed -= chunk.length
      if (allowed < 0) far.pause()
    })
    const timer = setInterval(() => {
      const now = performance.now()
      allowed = bytesPerSecond === Number.POSITIVE_INFINITY ? 0 : Math.min(16 * 1024, allowed + ((now - at) / 1000) * bytesPerSecond)
      at = now
      if (allowed >= 0) far.resume()
    }, tickMs)
    far.once('close', () => clearInterval(timer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** From the server; `Infinity` is as fast as it goes. */
    setRate: (next: number) => void (bytesPerSecond = next),
    close() {
      for (const one of sockets) one.destroy()
      server.close()
    },
  }
}
