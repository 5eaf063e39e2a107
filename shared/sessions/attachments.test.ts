import { expect, test } from 'vitest'
import type { FilePath } from '../files/path.ts'
import { withNames, withoutNames } from './attachments.ts'

const files = ['a.csv', 'b c.png'] as FilePath[]

test('attached files are named below the text, and left out again where they are shown', () => {
  expect(withNames('Read this', files)).toBe('Read this\n\n`a.csv` `b c.png`')
  expect(withoutNames(withNames('Read this', files), files)).toBe('Read this')
  expect(withoutNames(withNames('', files), files)).toBe('')
  expect(withNames('Read this', [])).toBe('Read this')
})

test('a text that only mentions a file keeps its words', () => {
  expect(withoutNames('See `a.csv`', files.slice(0, 1))).toBe('See `a.csv`')
  expect(withoutNames('See it', files)).toBe('See it')
})
