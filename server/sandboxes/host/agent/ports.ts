import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { tagName } from './reap.ts'

const pollMs = 400
const connectMs = 5000

type Listener = { port: number; inode: string }

/** TCP ports that something listens on, from /proc; empty where there is no /proc. */
function readListeners(): Listener[] {
  const found: Listener[] = []
  for (const file of ['tcp', 'tcp6']) {
    let text: string
    try {
      text = readFileSync(`/proc/net/${file}`, 'latin1')
    } catch {
      continue
    }
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[3] === '0A') found.push({ port: Number.parseInt(String(fields[1]?.split(':')[1]), 16), inode: String(fields[9]) })
    }
  }
  return found
}

/** Sockets held by what was started here: where the network is shared with the machine, nothing else may be reached. */
function ownSockets(): Set<string> {
  const own = new Set<string>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').includes(`${tagName}=`)) continue
      for (const fd of readdirSync(`/proc/${name}/fd`)) {
        const target = readlinkSync(`/proc/${name}/fd/${fd}`)
        if (target.startsWith('socket:[')) own.add(target.slice(8, -1))
      }
    } catch {
      // It ended meanwhile, or is not ours to see.
    }
  }
  return own
}

/** @param reserved ports of the platform, never shown and never connected to */
export function createPorts(options: { reserved: ReadonlySet<number>; sharedNetwork: boolean }) {
  function listening(): number[] {
    const all = readListeners().filter(({ port }) => !options.reserved.has(port))
    const own = options.sharedNetwork ? ownSockets() : undefined
    return [...new Set(all.filter(({ inode }) => !own || own.has(inode)).map(({ port }) => port))].sort((a, b) => a - b)
  }

  /** @param direct also a reserved port: for the host itself */
  async function open(port: number, direct: boolean): Promise<Socket> {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('no such port')
    if (options.reserved.has(port) && !direct) throw new Error('the port belongs to the platform')
    if (options.sharedNetwork && !listening().includes(port)) throw new Error('nothing of this sandbox listens there')
    try {
      return await dial(port, '127.0.0.1')
    } catch {
      return dial(port, '::1')
    }
  }

  return {
    listening,
    /** `CONNECT localhost:port`: from then on the bytes of the connection. */
    tunnel(request: IncomingMessage, caller: Duplex, head: Buffer): void {
      caller.on('error', () => caller.destroy())
      const port = Number(/^(?:localhost|127\.0\.0\.1):(\d{1,5})$/.exec(request.url ?? '')?.[1])
      open(port, request.headers['atrium-direct'] === 'yes').then(
        (socket) => {
          caller.write('HTTP/1.1 200 Connection established\r\n\r\n')
          if (head.length > 0) socket.write(head)
          const end = () => {
            socket.destroy()
            caller.destroy()
          }
          socket.once('error', end).once('close', end)
          caller.once('close', end)
          socket.pipe(caller)
          caller.pipe(socket)
        },
        () => caller.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'),
      )
    },
    /** One line of JSON at once and after every change, until the caller goes. */
    watch(response: ServerResponse): void {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      let told = ''
      const look = () => {
        const now = JSON.stringify(listening())
        if (now === told || response.writableNeedDrain) return
        told = now
        response.write(`${now}\n`)
      }
      look()
      const timer = setInterval(look, pollMs)
      response.once('close', () => clearInterval(timer))
    },
  }
}

function dial(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true })
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), connectMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
  })
}
