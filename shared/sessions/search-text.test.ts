import { expect, test } from 'vitest'
import type { UserId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import type { MessageItem, ToolCallItem } from './items.ts'
import { excerptOf, holdsText } from './search-text.ts'

const said = (text: string): MessageItem => ({
  type: 'message',
  id: newId('itm'),
  seq: 1,
  createdAt: 1,
  finishedAt: 1,
  author: { kind: 'user', id: newId<UserId>('usr'), name: 'Mei' },
  text,
})

test('an excerpt is one line around what was found, with marks where there is more', () => {
  expect(excerptOf(said('High water\n  is at noon.'), 'WATER is')).toBe('High water is at noon.')
  const long = `${'before '.repeat(20)}tide table ${'behind '.repeat(40)}`
  const excerpt = excerptOf(said(long), 'Tide')
  expect(excerpt).toMatch(/^….{30}tide table behind .*…$/)
  expect(excerpt.length).toBeLessThanOrEqual(132)
  expect(excerptOf(said('nothing of it'), 'tide')).toBe('nothing of it')
})

test('no character is cut in half', () => {
  for (let shift = 0; shift < 2; shift += 1) {
    const excerpt = excerptOf(said(`${'x'.repeat(shift)}${'🌊'.repeat(60)}tide${'🌊'.repeat(200)}`), 'tide')
    expect(excerpt.isWellFormed()).toBe(true)
    expect(excerpt).toContain('🌊tide🌊')
  }
})

test('ids and words of the wire are neither found nor shown', () => {
  const todo = { id: newId('tdo'), text: 'Draw the tide table', status: 'in_progress' }
  const call: ToolCallItem = {
    ...said(''),
    type: 'tool_call',
    stepId: newId('stp'),
    name: 'update_todos',
    args: {},
    result: { todos: [todo] },
    status: 'ok',
    finishedAt: 1,
  } as never
  expect(holdsText(call, 'in_progress')).toBe(false)
  expect(holdsText(call, todo.id.slice(4, 12))).toBe(false)
  expect(excerptOf(call, 'tide')).toBe('Draw the tide table')
})
