import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'
import { fitOf, isWithin, sameHistory } from './join-rules.ts'

test('what the server lost is not shown to those who only read', () => {
  const server = new Y.Doc()
  server.getArray('items').push(['said'])
  const reader = new Y.Doc()
  Y.applyUpdate(reader, Y.encodeStateAsUpdate(server))
  expect(isWithin(reader, Y.encodeStateVector(server))).toBe(true)
  reader.getArray('items').push(['heard by nobody else'])
  expect(isWithin(reader, Y.encodeStateVector(server))).toBe(false)
})

test('a document begun anew under the same name is not put together with what was kept', () => {
  const server = new Y.Doc()
  server.getText('text').insert(0, 'one')
  const before = Y.encodeStateVector(server)
  server.getText('text').insert(3, ' two')
  expect(sameHistory(before, Y.encodeStateVector(server))).toBe(true)
  const anew = new Y.Doc()
  anew.getText('text').insert(0, 'one')
  expect(sameHistory(before, Y.encodeStateVector(anew))).toBe(false)
  expect(sameHistory(undefined, Y.encodeStateVector(anew))).toBe(true)
})

test('what this browser has fits, is another document, or is too large for one answer', () => {
  const server = new Y.Doc()
  server.getText('text').insert(0, 'one')
  const vector = Y.encodeStateVector(server)
  const mine = new Y.Doc()
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(server))
  const fit = (access: 'read' | 'write', known: Uint8Array | undefined = vector) => fitOf({ access, shown: mine, joining: mine, known }, vector)
  expect([fit('read'), fit('write')]).toEqual(['fits', 'fits'])

  mine.getText('text').insert(0, 'mine ')
  expect([fit('read'), fit('write')]).toEqual(['other', 'fits'])
  const anew = new Y.Doc()
  anew.getText('text').insert(0, 'one')
  expect(fit('write', Y.encodeStateVector(anew))).toBe('other')

  mine.getText('text').insert(0, 'x'.repeat(maxUpdateBytes))
  expect(fit('write')).toBe('too-large')
})
