import { lookup } from 'node:dns/promises'
import { chmod } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { createRanges, plainAddress } from '../../base/addresses.ts'
import { passAnswer } from '../../base/foreign-answer.ts'
import { guardRequests, guardSockets } from '../../base/guard.ts'
import type { Logger } from '../../base/logger.ts'

const ports = [80, 443]

/** What IPv4 reserves: this machine, its networks, a cloud's metadata, documentation, groups. */
const isReservedV4 = createRanges(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'.split(
    ' ',
  ),
)
/** Of IPv6 only this part is given out for the internet. */
const isGlobalV6 = createRanges(['2000::/3'])
/** What is reserved in that part: protocols with Teredo, documentation, 6to4. An IPv4 address in it could be anybody's. */
const isReservedV6 = createRanges(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** Whether an address belongs to the public internet. An IPv4 address that is written as IPv6 is judged as itself. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address)
  if (plain === undefined) return false
  return isIP(plain) === 4 ? !isReservedV4(plain) : isGlobalV6(plain) && !isReservedV6(plain)
}

/** `example.org` allows itself, `*.example.org` what is below it, `*` every name. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  return allowed.some((rule) => rule === '*' || rule === name || (rule.startsWith('*.') && name.endsWith(rule.slice(1))))
}

export type Resolve = (host: string) => Promise<string[]>
const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

class Refused extends Error {}

/**
 * The one way out of the sandboxes: an HTTP proxy on a unix socket. It resolves names itself, refuses what is not
 * public, and connects to the very address it has checked.
 */
export async function startEgress(deps: { socketPath: string; hosts: string[]; log: Logger; resolve?: Resolve }) {
  const allowed = deps.hosts
  const resolve = deps.resolve ?? resolveByDns
  const open = new Set<Duplex>()

  /** @throws Refused with a sentence for whoever asked. */
  async function addressOf(host: string, port: number): Promise<string> {
    if (!ports.includes(port)) throw new Refused(`port ${port} cannot be reached from the sandbox, only 80 and 443`)
    const bare = host.replace(/^\[(.*)\]$/, '$1')
    if (!isAllowedHost(bare, allowed)) throw new Refused(`${bare} is not among the hosts that the sandbox may reach (ATRIUM_EGRESS)`)
    const addresses = isIP(bare) ? [bare] : await resolve(bare).catch(() => [])
    const [first] = addresses
    if (first === undefined) throw new Refused(`${bare} has no address`)
    if (!addresses.every(isPublicAddress)) throw new Refused(`${bare} is not on the public internet`)
    return first
  }

  const refuse = (thrown: unknown) => (thrown instanceof Refused ? thrown.message : 'the host cannot be reached')

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '')
    if (url?.protocol !== 'http:') return void response.writeHead(400).end('expected a request for a proxy\n')
    const address = await addressOf(url.hostname, Number(url.port || 80))
    const headers = { ...request.headers, host: url.host, connection: 'close' }
    delete headers['proxy-connection' as keyof typeof headers]
    delete headers['proxy-authorization']
    const out = httpRequest({ host: address, port: 80, method: request.method, path: url.pathname + url.search, headers })
    passAnswer(out, response, { refuse: () => void response.writeHead(502).end('the host cannot be reached\n') })
    request.pipe(out)
  }

  async function tunnel(request: IncomingMessage, inside: Duplex, head: Buffer): Promise<void> {
    const [, host = '', port = ''] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(request.url ?? '') ?? []
    const address = await addressOf(host, Number(port))
    const outside = connect({ host: address, port: Number(port), timeout: 600_000 })
    open.add(outside)
    const end = () => {
      open.delete(outside)
      inside.destroy()
      outside.destroy()
    }
    outside.once('connect', () => {
      inside.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) outside.write(head)
      outside.pipe(inside)
      inside.pipe(outside)
    })
    for (const side of [inside, outside]) side.once('error', end).once('close', end).once('timeout', end)
  }

  const server = createServer(
    guardRequests(deps.log, (request, response) =>
      forward(request, response).catch((thrown: unknown) => {
        if (!response.headersSent) response.writeHead(403, { 'content-type': 'text/plain' }).end(`${refuse(thrown)}\n`)
      }),
    ),
  )
  server.on(
    'connect',
    guardSockets(deps.log, (request, inside, head) =>
      tunnel(request, inside, head).catch((thrown: unknown) => {
        const text = `${refuse(thrown)}\n`
        inside.end(
          `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
        )
      }),
    ),
  )
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(deps.socketPath, listening)
  })
  // The users that sandboxes run as must be able to connect; the folder above keeps everybody else away.
  await chmod(deps.socketPath, 0o666)
  return {
    async stop() {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
