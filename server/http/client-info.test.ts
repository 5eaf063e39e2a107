import { pino } from 'pino'
import { describe, expect, test, vi } from 'vitest'
import { createClientOf } from './client-info.ts'

const silent = pino({ level: 'silent' })
const at = (peer: string | undefined, headers: Record<string, string>, trustedProxies: string[] = []) =>
  createClientOf({ trustedProxies, log: silent })(peer, new Headers({ host: 'atrium.example', ...headers }))

const forged = {
  'x-forwarded-for': '198.51.100.7, 203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
  'x-real-ip': '198.51.100.7',
  forwarded: 'for=198.51.100.7;proto=https;host=evil.example',
}

describe('who is at the other end', () => {
  test('nobody is believed who is not named, on this machine or its network either', () => {
    for (const peer of ['127.0.0.1', '::1', '172.18.0.2', 'fd00::2', '198.51.100.99']) {
      expect(at(peer, forged), peer).toEqual({ address: peer, origin: 'http://atrium.example', secure: false, local: false, trusted: false })
    }
    expect(at('::ffff:172.18.0.2', forged)).toMatchObject({ address: '172.18.0.2' })
    expect(at(undefined, forged, ['0.0.0.0/1'])).toMatchObject({ address: 'unknown', secure: false })
  })

  test('of a named proxy what it added counts, and nothing of what the visitor made up', () => {
    for (const peer of ['172.18.0.2', '::ffff:172.18.0.2', '::FFFF:ac12:2']) {
      expect(at(peer, forged, ['172.18.0.0/16']), peer).toEqual({
        address: '203.0.113.9',
        origin: 'https://atrium.example',
        secure: true,
        local: false,
        trusted: true,
      })
    }
    const schemes = (proto: string) => at('172.18.0.2', { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': proto }, ['172.18.0.2']).secure
    expect(['https', 'wss', 'https, http', 'http, https', 'http', 'gopher', ''].map(schemes)).toEqual([true, true, false, true, false, false, false])
  })

  test('through several named proxies the visitor is the right-most that is not named', () => {
    const trusted = ['10.0.0.0/8', '2001:db8:1::/48']
    const through = (xff: string, proto = 'https') => at('10.0.0.1', { 'x-forwarded-for': xff, 'x-forwarded-proto': proto }, trusted)
    expect(through('1.1.1.1, 203.0.113.9, 10.0.0.2, 2001:db8:1::5').address).toBe('203.0.113.9')
    // The outermost of them says by which scheme it was reached; its one word may be all that there is.
    expect(through('203.0.113.9, 10.0.0.2', 'https, http').secure).toBe(true)
    expect(through('203.0.113.9, 10.0.0.2', 'https, http, http').secure).toBe(false)
    expect(through('203.0.113.9, 10.0.0.2', 'https').secure).toBe(true)
    // All of them are proxies: the outermost asks for itself.
    expect(through('10.0.0.3, 10.0.0.2').address).toBe('10.0.0.3')
  })

  test('ports are passed over, nonsense ends the way', () => {
    const behind = (xff: string) => at('10.0.0.1', { 'x-forwarded-for': xff }, ['10.0.0.0/8']).address
    expect(behind('198.51.100.7:4711')).toBe('198.51.100.7')
    expect(behind('[2001:db8::7]:4711')).toBe('2001:db8::7')
    expect(behind('::ffff:198.51.100.7')).toBe('198.51.100.7')
    expect(behind('198.51.100.7, unknown')).toBe('10.0.0.1')
    expect(behind('198.51.100.7, unknown, 10.0.0.2')).toBe('10.0.0.2')
    expect(behind('198.51.100.7,')).toBe('10.0.0.1')
    expect(behind('')).toBe('10.0.0.1')
  })

  test('somebody is at the machine itself when the socket, the name and the silence of every proxy say so', () => {
    const local = (peer: string, host: string, headers = {}, trusted: string[] = []) => at(peer, { host, ...headers }, trusted).local
    for (const [peer, host] of [
      ['127.0.0.1', 'localhost:3000'],
      ['::1', '[::1]:3000'],
      ['::ffff:127.0.0.1', '127.0.0.1:3000'],
    ] as const) {
      expect(local(peer, host), host).toBe(true)
    }
    expect(local('127.0.0.1', 'atrium.example')).toBe(false)
    expect(local('127.0.0.1', '127.0.0.1.evil.example')).toBe(false)
    expect(local('192.168.1.5', 'localhost:3000')).toBe(false)
    for (const [name, value] of Object.entries({ ...forged, via: '1.1 proxy', 'x-forwarded-port': '443' })) {
      expect(local('127.0.0.1', 'localhost:3000', { [name]: value }), name).toBe(false)
    }
    expect(local('127.0.0.1', 'localhost:3000', {}, ['127.0.0.0/8'])).toBe(false)
  })

  test('a proxy that nobody named is told to whoever reads the log, once', () => {
    const warn = vi.fn<() => void>()
    const clientOf = createClientOf({ trustedProxies: ['10.0.0.1'], log: { warn } as never })
    for (const peer of ['10.0.0.1', '172.18.0.2', '172.18.0.3']) clientOf(peer, new Headers(forged))
    expect(warn.mock.calls).toEqual([[{ peer: '172.18.0.2' }, expect.stringContaining('ATRIUM_TRUSTED_PROXIES')]])
  })
})
