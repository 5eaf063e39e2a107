import { createRanges, isLoopbackAddress, plainAddress } from '../base/addresses.ts'
import { hostNameOf, isLoopbackName } from '../base/host-names.ts'
import type { Logger } from '../base/logger.ts'

/** Who is at the other end, as far as it can be known. */
export type ClientInfo = {
  /** IP address; `unknown` where there is no socket. */
  address: string
  /** What the person's browser shows: `https://atrium.example.org`. */
  origin: string
  /** The browser speaks https, to a trusted proxy in front of this server. */
  secure: boolean
  /** The person sits at this very machine: no proxy passed the request on, and it names the machine itself. */
  local: boolean
  /** What it says of the request itself, as its id, is believed: it is a trusted proxy, or at this machine. */
  trusted: boolean
}

/** Who is at the other end of a request that another process of ours took and passed on. */
export type ForwardedClient = Pick<ClientInfo, 'address' | 'origin' | 'secure'>

/** Whose request it is: the address at the other end of its socket, or what the process says that passed it on. */
export type Peer = string | undefined | ForwardedClient

/** From the peer and the headers of the request. */
export type ClientOf = (peer: Peer, headers: Headers) => ClientInfo

const forwardedFor = new WeakMap<object, ForwardedClient>()

/** Notes of a request that it came by another process of ours. */
export const noteForwarded = (incoming: object, client: ForwardedClient) => void forwardedFor.set(incoming, client)

export const peerOf = (incoming: { socket: { remoteAddress?: string | undefined } } | undefined): Peer =>
  incoming && (forwardedFor.get(incoming) ?? incoming.socket.remoteAddress)

/** Said by a proxy of what it passes on. Whoever says it is not the visitor. */
const isFromProxy = (name: string) => name.startsWith('x-forwarded') || ['forwarded', 'x-real-ip', 'x-client-ip', 'via'].includes(name)

const entriesOf = (list: string | null) => list?.split(',').map((entry) => entry.trim()) ?? []
/** Some proxies add the port: `198.51.100.7:4711`, `[2001:db8::1]:4711`. */
const addressIn = (entry: string | undefined) =>
  entry === undefined ? undefined : plainAddress(/^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry.replace(/^([\d.]+):\d+$/, '$1'))

/**
 * The one place where is decided what of `X-Forwarded-For` and `X-Forwarded-Proto` is believed: what trusted proxies wrote.
 * Each of them adds an entry on the right, so the visitor is the right-most one that is not trusted, and what stands further
 * left may be the visitor's own invention. Other headers of this kind are not read.
 */
export function createClientOf({ trustedProxies, log }: { trustedProxies: readonly string[]; log: Pick<Logger, 'warn'> }): ClientOf {
  const isTrusted = createRanges(trustedProxies)
  let warned = false

  /** The visitor's address, and how many trusted proxies stand in between. */
  function follow(peer: string, entries: readonly string[]): { address: string; hops: number } {
    let address = peer
    let hops = 0
    while (isTrusted(address)) {
      hops += 1
      const next = addressIn(entries.at(-hops))
      if (next === undefined) break
      address = next
    }
    return { address, hops }
  }

  /** The scheme as the outermost trusted proxy saw it. One entry for several proxies was passed on by the inner ones. */
  function isSecure(hops: number, entries: readonly string[]): boolean {
    const scheme = hops === 0 ? undefined : (entries.at(-hops) ?? entries[0])
    return scheme === 'https' || scheme === 'wss'
  }

  return (from, headers) => {
    if (typeof from === 'object') return { ...from, local: false, trusted: true }
    const peer = plainAddress(from ?? '') ?? 'unknown'
    const { address, hops } = follow(peer, entriesOf(headers.get('x-forwarded-for')))
    const secure = isSecure(hops, entriesOf(headers.get('x-forwarded-proto')))
    const forwarded = hops > 0 || [...headers.keys()].some(isFromProxy)
    if (forwarded && hops === 0 && !warned) {
      warned = true
      log.warn({ peer }, 'a request has X-Forwarded headers from an address that ATRIUM_TRUSTED_PROXIES does not name; they are not believed')
    }
    const host = headers.get('host') ?? 'localhost'
    const local = !forwarded && isLoopbackAddress(peer) && isLoopbackName(hostNameOf(host) ?? '')
    return { address, origin: `${secure ? 'https' : 'http'}://${host.toLowerCase()}`, secure, local, trusted: local || hops > 0 }
  }
}
