import { request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'

/** Lets a connection reach a port of the platform inside: the display of the desktop. */
export const directHeader = 'atrium-direct'
const openMs = 10_000

/**
 * A connection to a port inside, made by the agent there. @throws Error when nothing listens.
 * @param socketPath the agent's
 */
export function openTunnel(socketPath: string, port: number, direct = false): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return reject(new Error('no such port'))
    const asked = httpRequest({
      socketPath,
      method: 'CONNECT',
      path: `localhost:${port}`,
      signal: AbortSignal.timeout(openMs),
      headers: direct ? { [directHeader]: 'yes' } : {},
    })
    asked.once('connect', (answer, socket, head) => {
      socket.on('error', () => socket.destroy())
      if (answer.statusCode !== 200) {
        socket.destroy()
        return reject(new Error(`nothing answers on port ${port}`))
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    asked.once('response', () => reject(new Error('the agent does not tunnel')))
    asked.once('error', reject)
    asked.end()
  })
}

/** Each to the other, held back by the slower; the end of one ends both. */
export function pipeBoth(one: Duplex, other: Duplex): void {
  const end = () => {
    one.destroy()
    other.destroy()
  }
  for (const side of [one, other]) side.once('error', end).once('close', end)
  one.pipe(other)
  other.pipe(one)
}
