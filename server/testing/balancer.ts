import { createServer, request } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

/**
 * What stands before several servers and knows nothing of rooms: every request and every socket goes to any of them. One that does not
 * answer is left out. It is on this machine, and says nothing of itself.
 */
export async function startBalancer(urls: () => readonly string[]) {
  /** In a random order. */
  const shuffled = () =>
    urls()
      .map((url) => ({ url: new URL(url), at: Math.random() }))
      .toSorted((one, other) => one.at - other.at)
      .map(({ url }) => url)
  const reach = async () => {
    for (const { hostname, port } of shuffled()) {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      const isOpen = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)))
      if (isOpen) return socket.on('error', () => socket.destroy())
    }
    return undefined
  }

  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => outgoing.destroy())
    void reach().then((socket) => {
      if (!socket) return outgoing.writeHead(502).end()
      const headers = { ...incoming.headers, connection: 'close' }
      const upstream = request({ createConnection: () => socket, method: incoming.method, path: incoming.url, headers, setHost: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
        answer.once('error', () => outgoing.destroy())
      })
      upstream.once('error', () => outgoing.destroy())
      outgoing.once('close', () => upstream.destroy())
      return incoming.pipe(upstream)
    })
  })
  server.on('upgrade', (incoming, stream, head) => {
    stream.on('error', () => stream.destroy())
    void reach().then((socket) => {
      if (!socket) return stream.destroy()
      const lines = Object.entries(incoming.headers).flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`))
      socket.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      if (head.length > 0) socket.write(head)
      socket.on('close', () => stream.destroy())
      stream.on('close', () => socket.destroy())
      return socket.pipe(stream).pipe(socket)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
