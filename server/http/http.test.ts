import { expect, test } from 'vitest'
import { createMethodsOf } from './paths.ts'
import { isJson, mayHoldJson } from './serve.ts'

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
