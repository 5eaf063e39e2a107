import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** The line between one person and the server: it can be cut, while everybody else goes on. */
export type Line = { url: string; cut(): Promise<void>; mend(): Promise<void>; stop(): Promise<void> }

export async function startLine(to: string): Promise<Line> {
  const { hostname, port } = new URL(to)
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const mine = (server.address() as AddressInfo).port
  const cut = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve()
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return { url: `http://127.0.0.1:${mine}`, cut, mend: () => listen(mine), stop: cut }
}
