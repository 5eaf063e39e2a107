import { expect, test } from 'vitest'
import { linesOfStart } from './start-of-text.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('a line and a letter cut at the end are left out', () => {
  expect(linesOfStart(bytes('one\ntwo\nthr'))).toEqual(['one', 'two'])
  expect(linesOfStart(bytes('één\nü').subarray(0, -1))).toEqual(['één'])
  expect(linesOfStart(bytes('only one'))).toEqual(['only one'])
})

test('bytes that are no text are told from text', () => {
  expect(linesOfStart(new Uint8Array([97, 0, 98]))).toBeUndefined()
  expect(linesOfStart(new Uint8Array([0xff, 0xfe, 0x41]))).toBeUndefined()
})

test('a line without end does not fill the page', () => {
  expect(linesOfStart(bytes('x'.repeat(5000)))?.[0]).toHaveLength(2001)
})
