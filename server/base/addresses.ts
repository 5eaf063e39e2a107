import { BlockList, SocketAddress, isIP } from 'node:net'

/**
 * An IP address in the one form in which two can be compared, without its zone; undefined for what is none. An IPv4 address
 * that is written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address.
 */
export function plainAddress(text: string): string | undefined {
  const bare = text.replace(/%.*$/, '')
  const family = isIP(bare)
  if (family === 0) return undefined
  if (family === 4) return bare
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}

type Range = { address: string; bits: number; family: 'ipv4' | 'ipv6' }

/** `10.0.0.0/8`, or one address; undefined for what is neither. */
export function parseRange(text: string): Range | undefined {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return undefined
  const most = version === 4 ? 32 : 128
  const range = { address, bits: bits === undefined ? most : Number(bits), family: version === 4 ? 'ipv4' : 'ipv6' } as const
  return range.bits <= most ? range : undefined
}

/** Tells whether an address lies in one of the ranges. What is no address lies in none. */
export function createRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of ranges) {
    const range = parseRange(text)
    if (range) list.addSubnet(range.address, range.bits, range.family)
  }
  return (address) => {
    const plain = plainAddress(address)
    return plain !== undefined && list.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6')
  }
}

export const loopbackRanges = ['127.0.0.0/8', '::1/128']
export const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
export const isLoopbackAddress = createRanges(loopbackRanges)

/**
 * Whom an address counts for: an IPv4 address for itself, an IPv6 one for its /64, of which a single machine has every address.
 * What is no address stays as it is.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address)
  if (plain === undefined || isIP(plain) === 4) return plain ?? address
  const [head = '', tail] = plain.split('::')
  const left = head.split(':').filter((group) => group !== '')
  const right = (tail ?? '').split(':').filter((group) => group !== '')
  // The last 32 bits may be written as IPv4.
  const missing = tail === undefined ? 0 : 8 - left.length - right.length - (plain.includes('.') ? 1 : 0)
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  return `${groups.slice(0, 4).join(':')}::/64`
}
