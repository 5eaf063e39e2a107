import { describe, expect, test } from 'vitest'
import { isPublicAddress } from './egress.ts'

/**
 * First and last address of every block that the IANA registries of special-purpose addresses do not call globally reachable,
 * and of the groups: https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry.
 */
const blocks: Record<string, [first: string, last: string]> = {
  'this network': ['0.0.0.0', '0.255.255.255'],
  'private 10': ['10.0.0.0', '10.255.255.255'],
  'shared address space': ['100.64.0.0', '100.127.255.255'],
  loopback: ['127.0.0.0', '127.255.255.255'],
  'link-local': ['169.254.0.0', '169.254.255.255'],
  'private 172': ['172.16.0.0', '172.31.255.255'],
  'protocol assignments': ['192.0.0.0', '192.0.0.255'],
  'documentation 1': ['192.0.2.0', '192.0.2.255'],
  '6to4 relays': ['192.88.99.0', '192.88.99.255'],
  'private 192': ['192.168.0.0', '192.168.255.255'],
  benchmarking: ['198.18.0.0', '198.19.255.255'],
  'documentation 2': ['198.51.100.0', '198.51.100.255'],
  'documentation 3': ['203.0.113.0', '203.0.113.255'],
  multicast: ['224.0.0.0', '239.255.255.255'],
  'reserved and broadcast': ['240.0.0.0', '255.255.255.255'],
  'unspecified v6': ['::', '::'],
  'loopback v6': ['::1', '::1'],
  'IPv4-compatible': ['::0.0.0.2', '::255.255.255.255'],
  'NAT64, well known': ['64:ff9b::', '64:ff9b::ffff:ffff'],
  'NAT64, local': ['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  'discard only': ['100::', '100::ffff:ffff:ffff:ffff'],
  'dummy prefix': ['100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  'protocol assignments v6, with Teredo, benchmarking and ORCHID': ['2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'documentation v6': ['2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  '6to4': ['2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'documentation v6, the newer': ['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'segment routing': ['5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'unique local': ['fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'link-local v6': ['fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'site-local': ['fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  'multicast v6': ['ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
}

describe('what a sandbox may not reach, whatever name leads there', () => {
  test.each(Object.entries(blocks))('%s', (_name, ends) => {
    for (const end of ends) expect(isPublicAddress(end), end).toBe(false)
  })

  test('the same IPv4 addresses inside of IPv6 ones', () => {
    for (const inner of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '100.100.100.200', '192.0.0.192']) {
      const [a = 0, b = 0, c = 0, d = 0] = inner.split('.').map(Number)
      const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
      const forms = [
        `::ffff:${inner}`,
        `::FFFF:${hex}`,
        `0:0:0:0:0:ffff:${hex}`,
        `::ffff:0:${hex}`,
        `::${inner}`,
        `64:ff9b::${inner}`,
        `64:ff9b:1::${inner}`,
        `2002:${hex}::1`,
        `2001:0:${hex}::1`,
      ]
      for (const form of forms) expect(isPublicAddress(form), form).toBe(false)
    }
  })

  test('an address with a zone, and what is no address', () => {
    for (const text of ['fe80::1%eth0', '::1%lo', '', 'localhost', '127.1', '0177.0.0.1', '2130706433'])
      expect(isPublicAddress(text), text).toBe(false)
  })
})

test('the public internet is reached, also next to what is reserved', () => {
  const outside = `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 128.0.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255
    198.17.255.255 198.20.0.0 223.255.255.255 2001:200:: 2001:4860:4860::8888 2003:: 2606:4700:4700::1111 2a00:1450:4001::1 3ffe:ffff::1 ::ffff:8.8.8.8`
  for (const address of outside.split(/\s+/)) expect(isPublicAddress(address), address).toBe(true)
})
