import { act, render, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import '../testing.tsx'
import * as Y from 'yjs'
import type { TodoId } from '#shared/base/ids.ts'
import { addTodo, boardTodos, changeTodo, readTodos } from '#shared/board/doc.ts'
import { readLive, sessionLive } from '#shared/sessions/doc.ts'
import { createReader, useDocValue } from './use-document.ts'

const todo = (id: string, text: string) => ({
  id: `tdo_0190a6e0-0000-7000-8000-00000000000${id}` as TodoId,
  text,
  status: 'pending' as const,
  assignee: null,
  createdAt: 1,
})

test('a reader gives the same value until the document shows something else', () => {
  const doc = new Y.Doc()
  const reader = createReader(doc, readTodos, boardTodos)
  const listener = vi.fn<() => void>()
  const stop = reader.subscribe(listener)
  addTodo(doc, todo('1', 'Read the export'))
  const first = reader.get()
  expect(first).toHaveLength(1)
  expect(reader.get()).toBe(first)
  doc.getMap('drafts').set('other', 1)
  expect(reader.get()).toBe(first)
  const calls = listener.mock.calls.length
  changeTodo(doc, todo('1', '').id, { status: 'completed' })
  expect(listener.mock.calls.length).toBe(calls + 1)
  expect(reader.get()[0]?.status).toBe('completed')
  stop()
  changeTodo(doc, todo('1', '').id, { status: 'pending' })
  expect(listener.mock.calls.length).toBe(calls + 1)
})

test('text that grows in a live item wakes nobody who reads the list of live items', () => {
  const doc = new Y.Doc()
  const text = new Y.Text()
  const item = {
    id: 'itm_0190a6e0-0000-7000-8000-000000000001',
    seq: 0,
    createdAt: 1,
    finishedAt: null,
    type: 'message',
    author: { kind: 'agent', id: 'builder', name: 'Builder' },
    text: '',
  }
  doc.transact(() => {
    sessionLive(doc).set(
      item.id,
      new Y.Map<unknown>([
        ['item', item],
        ['text', text],
      ]),
    )
  })
  const reader = createReader(doc, readLive, sessionLive)
  const listener = vi.fn<() => void>()
  reader.subscribe(listener)
  const before = reader.get()
  text.insert(0, 'The tide')
  text.insert(8, ' turns')
  expect(listener).not.toHaveBeenCalled()
  expect(reader.get()).toBe(before)
  sessionLive(doc).delete(item.id)
  expect(listener).toHaveBeenCalledOnce()
  expect(reader.get()).toEqual([])
})

test('a component shows what changed between its first rendering and its subscription', () => {
  const doc = new Y.Doc()
  const renders = vi.fn<() => void>()
  function Count() {
    renders()
    return <p>{useDocValue(doc, readTodos, boardTodos).length} steps</p>
  }
  render(<Count />)
  expect(screen.getByText('0 steps')).toBeDefined()
  act(() => {
    doc.transact(() => {
      addTodo(doc, todo('1', 'One'))
      addTodo(doc, todo('2', 'Two'))
    })
  })
  expect(screen.getByText('2 steps')).toBeDefined()
  const count = renders.mock.calls.length
  act(() => {
    doc.getMap('elsewhere').set('a', 1)
  })
  expect(renders.mock.calls.length).toBe(count)
})
