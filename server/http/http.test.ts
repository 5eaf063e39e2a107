import { describe, expect, test } from 'vitest'
import { clientInfo } from './client-info.ts'
import { createMethodsOf } from './paths.ts'
import { isJson, mayHoldJson } from './serve.ts'

describe('who is at the other end', () => {
  const headers = new Headers({ host: 'atrium.example', 'x-forwarded-for': '198.51.100.7, 203.0.113.9', 'x-forwarded-proto': 'https' })

  test('a proxy on the same network is believed, for what it added last', () => {
    for (const peer of ['127.0.0.1', '::ffff:172.18.0.2', '::1', 'fd00::2']) {
      expect(clientInfo(peer, headers)).toEqual({ address: '203.0.113.9', origin: 'https://atrium.example', secure: true })
    }
  })

  test('a stranger who sends the same headers is not', () => {
    expect(clientInfo('198.51.100.99', headers)).toEqual({ address: '198.51.100.99', origin: 'http://atrium.example', secure: false })
    expect(clientInfo(undefined, headers)).toMatchObject({ address: 'unknown', secure: false })
  })

  test('nonsense in place of an address is passed over', () => {
    const odd = new Headers({ host: 'a', 'x-forwarded-for': 'unknown', 'x-forwarded-proto': 'gopher' })
    expect(clientInfo('127.0.0.1', odd)).toEqual({ address: '127.0.0.1', origin: 'http://a', secure: false })
  })
})

test('a path tells its methods whatever its parameters are', () => {
  const methodsOf = createMethodsOf([
    { method: 'GET', path: '/api/projects/:id' },
    { method: 'DELETE', path: '/api/projects/:id' },
    { method: 'PUT', path: '/api/projects/:id/files/*' },
    { method: 'POST', path: '/api/a.b' },
  ])
  expect(methodsOf('/api/projects/prj_1')).toEqual(['DELETE', 'GET', 'HEAD'])
  expect(methodsOf('/api/projects/prj_1/files/src/a%20b.ts')).toEqual(['PUT'])
  expect(methodsOf('/api/projects/prj_1/files/')).toEqual([])
  expect(methodsOf('/api/axb')).toEqual([])
})

test('JSON is told by its content type', () => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json']) {
    expect(isJson(type), type).toBe(true)
  }
  for (const type of [undefined, '', 'text/plain', 'application/jsonp', 'multipart/form-data', 'text/plain; application/json']) {
    expect(isJson(type), type).toBe(false)
  }
})

test('a script need not name the type of its JSON, a page of a browser must', () => {
  const told = (headers: Record<string, string>) => mayHoldJson(new Headers(headers))
  for (const type of ['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
    expect(told({ 'content-type': type }), type).toBe(true)
    expect(told({ 'content-type': type, origin: 'http://localhost:3000' }), type).toBe(false)
    expect(told({ 'content-type': type, 'sec-fetch-site': 'cross-site' }), type).toBe(false)
  }
  expect(told({})).toBe(true)
  expect(told({ origin: 'null' })).toBe(false)
  expect(told({ origin: 'http://localhost:3000', 'content-type': 'application/json' })).toBe(true)
  for (const type of ['multipart/form-data; boundary=x', 'application/xml', 'image/png']) expect(told({ 'content-type': type }), type).toBe(false)
})
