import { expect, test } from 'vitest'
import type { UserId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import type { MessageItem } from './items.ts'
import { excerptOf } from './search-text.ts'

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
