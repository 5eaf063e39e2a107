import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the names of the server', () => {
  test('are read as a browser sends them', () => {
    expect(readConfig({}).hosts).toEqual([])
    expect(readConfig({ ATRIUM_HOSTS: ' Atrium.Example.org, bücher.example,,192.168.1.5,2001:DB8::1' }).hosts).toEqual([
      'atrium.example.org',
      'xn--bcher-kva.example',
      '192.168.1.5',
      '[2001:db8::1]',
    ])
    for (const bad of [
      'https://atrium.example.org',
      'atrium.example.org:443',
      '*',
      '*.example.org',
      'a b',
      'a/b',
      'ü/b',
      '127.0.0.1:80',
      '[::1]:80',
    ]) {
      expect(() => readConfig({ ATRIUM_HOSTS: bad }), bad).toThrow(/^ATRIUM_HOSTS must be host names/)
    }
  })

  test('include the one to listen on, and no address', () => {
    expect(readConfig({ HOST: 'Machine', ATRIUM_HOSTS: 'atrium.example.org' }).hosts).toEqual(['atrium.example.org', 'machine'])
    for (const HOST of ['0.0.0.0', '::', '127.0.0.1', 'localhost']) expect(readConfig({ HOST }).hosts).toEqual([])
  })
})

test('trusted proxies are addresses, ranges or words for ranges, and never everybody', () => {
  expect(readConfig({}).trustedProxies).toEqual([])
  expect(readConfig({ ATRIUM_TRUSTED_PROXIES: '10.0.0.2, 172.18.0.0/16,,loopback' }).trustedProxies).toEqual([
    '10.0.0.2',
    '172.18.0.0/16',
    '127.0.0.0/8',
    '::1/128',
  ])
  expect(readConfig({ ATRIUM_TRUSTED_PROXIES: 'private' }).trustedProxies).toContain('192.168.0.0/16')
  for (const bad of ['nginx', '10.0.0.0/33', '10.0.0/8', '0.0.0.0/0', '::/0', '*', 'all', '10.0.0.2:80', '10.0.0.1-10.0.0.9']) {
    expect(() => readConfig({ ATRIUM_TRUSTED_PROXIES: bad }), bad).toThrow(/^ATRIUM_TRUSTED_PROXIES must be addresses or ranges/)
  }
})

test('previews have a domain whose cookies do not reach the server', () => {
  const start = (ATRIUM_PREVIEW_HOST: string, ATRIUM_HOSTS: string, HOST = '') => readConfig({ ATRIUM_PREVIEW_HOST, ATRIUM_HOSTS, HOST }).previewHost
  for (const [preview, own] of [
    ['example.org', 'example.org'],
    ['preview.example.org', 'other.example, example.org'],
    ['example.org', 'atrium.example.org'],
  ] as const) {
    expect(() => start(preview, own), `${preview} ${own}`).toThrow(/^ATRIUM_PREVIEW_HOST must be a domain that is neither/)
  }
  expect(() => start('x.machine', '', 'machine')).toThrow(/^ATRIUM_PREVIEW_HOST must be/)
  expect(start('preview.example.org', 'atrium.example.org')).toBe('preview.example.org')
  expect(start('notexample.org', 'example.org')).toBe('notexample.org')
  expect(start('', 'localhost, atrium.localhost')).toBe('localhost')
})

test('the most days of history are a whole number, and none unless they are set', () => {
  expect(readConfig({}).historyMaxDays).toBeUndefined()
  expect(readConfig({ ATRIUM_HISTORY_MAX_DAYS: '' }).historyMaxDays).toBeUndefined()
  expect(readConfig({ ATRIUM_HISTORY_MAX_DAYS: '30' }).historyMaxDays).toBe(30)
  for (const bad of ['0', '-1', '1.5', '30d', 'never', '1e3'])
    expect(() => readConfig({ ATRIUM_HISTORY_MAX_DAYS: bad }), bad).toThrow('ATRIUM_HISTORY_MAX_DAYS must be a number of days, 1 or more.')
})
