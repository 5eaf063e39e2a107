import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { followText } from './use-growing-text.ts'

test('a text that grows is read once and then only added to', () => {
  const shared = new Y.Doc().getText('t')
  shared.insert(0, 'The ')
  const source = followText(shared)
  const read = vi.fn<() => string>(() => Y.Text.prototype.toJSON.call(shared))
  shared.toJSON = read
  const stop = source.subscribe(() => {})
  expect(read).toHaveBeenCalledOnce()
  shared.insert(4, 'tide')
  shared.insert(8, ' turns')
  expect(source.get()).toBe('The tide turns')
  expect(read).toHaveBeenCalledOnce()
  stop()
})

test('anything but an append is read anew', () => {
  const shared = new Y.Doc().getText('t')
  const source = followText(shared)
  source.subscribe(() => {})
  shared.insert(0, 'tide')
  shared.insert(0, 'The ')
  expect(source.get()).toBe('The tide')
  shared.delete(0, 4)
  expect(source.get()).toBe('tide')
})

test('however often it grows, listeners are told once a frame, and of all of it', async () => {
  const shared = new Y.Doc().getText('t')
  const source = followText(shared)
  const seen: string[] = []
  const stop = source.subscribe(() => seen.push(source.get()))
  for (let at = 0; at < 50; at += 1) shared.insert(shared.length, 'x')
  expect(source.get()).toHaveLength(50)
  expect(seen).toEqual([])
  await vi.waitFor(() => expect(seen).toEqual(['x'.repeat(50)]))
  shared.insert(50, 'y')
  await vi.waitFor(() => expect(seen).toHaveLength(2))
  shared.insert(51, 'z')
  stop()
  expect(source.get()).toBe(`${'x'.repeat(50)}yz`)
  expect(seen).toHaveLength(2)
})
