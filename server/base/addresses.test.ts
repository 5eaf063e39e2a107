import { expect, test } from 'vitest'
import { createRanges, networkOf, parseRange, plainAddress } from './addresses.ts'

test('an address has one form, whatever way it is written', () => {
  for (const [text, plain] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
  ] as const) {
    expect(plainAddress(text), text).toBe(plain)
  }
  for (const text of ['', 'localhost', '127.1', '0x7f.0.0.1', '1.2.3.4:80', '[::1]', '256.0.0.1', ':::']) {
    expect(plainAddress(text), text).toBeUndefined()
  }
})

test('a range holds its addresses, also those written as the other family', () => {
  const holds = createRanges(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])
  for (const address of ['10.255.0.1', '::ffff:10.0.0.1', '::ffff:a00:1', '192.0.2.1', 'fd12::1%eth0']) expect(holds(address), address).toBe(true)
  for (const address of ['11.0.0.1', '192.0.2.2', 'fe00::1', '::10.0.0.1', 'unknown', '']) expect(holds(address), address).toBe(false)
  for (const text of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0/8', 'loopback', '10.0.0.0/-1', 'fe80::1%eth0/64']) {
    expect(parseRange(text), text).toBeUndefined()
  }
})

test('all IPv6 addresses of one line count as one', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:DB8:1:2::ffff')).toBe('2001:db8:1:2::/64')
  expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('::198.51.100.7')).toBe('0:0:0:0::/64')
  expect(networkOf('2001:db8:1:2::')).toBe('2001:db8:1:2::/64')
  expect(networkOf('::ffff:198.51.100.7')).toBe('198.51.100.7')
  expect(networkOf('unknown')).toBe('unknown')
})
