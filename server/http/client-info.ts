import { BlockList, isIP } from 'node:net'

/** Who is at the other end, as far as it can be known. */
export type ClientInfo = {
  /** IP address; `unknown` where there is no socket. */
  address: string
  /** What the person's browser shows: `https://atrium.example.org`. */
  origin: string
  /** The browser speaks https, to this server or to a proxy in front of it. */
  secure: boolean
}

const nearby = new BlockList()
nearby.addSubnet('127.0.0.0', 8, 'ipv4')
nearby.addSubnet('10.0.0.0', 8, 'ipv4')
nearby.addSubnet('172.16.0.0', 12, 'ipv4')
nearby.addSubnet('192.168.0.0', 16, 'ipv4')
nearby.addAddress('::1', 'ipv6')
nearby.addSubnet('fc00::', 7, 'ipv6')

/** A proxy stands on the same machine or network. What anybody else says in `X-Forwarded-…` is not believed. */
function mayBeProxy(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && nearby.check(address, version === 6 ? 'ipv6' : 'ipv4')
}

const last = (list: string | null) => list?.split(',').at(-1)?.trim() || undefined

/**
 * From the socket's address and the headers. Of `X-Forwarded-For` only the last entry counts: the nearest proxy wrote it,
 * the ones before it may be the visitor's own invention.
 */
export function clientInfo(remoteAddress: string | undefined, headers: Headers): ClientInfo {
  const peer = remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown'
  const behindProxy = mayBeProxy(peer)
  const forwardedFor = behindProxy ? last(headers.get('x-forwarded-for')) : undefined
  const secure = behindProxy && last(headers.get('x-forwarded-proto')) === 'https'
  return {
    address: forwardedFor && isIP(forwardedFor) ? forwardedFor : peer,
    origin: `${secure ? 'https' : 'http'}://${headers.get('host') ?? 'localhost'}`,
    secure,
  }
}
