import { expect, test } from 'vitest'
import { modeShown, modesOf } from './file-kind.ts'

const plain = { sought: false, look: undefined, stored: null, justMade: false, narrow: false } as const

test.each([
  ['a page opens as its text', 'index.html', {}, 'source'],
  ['a page that was just made opens as a page', 'index.html', { justMade: true }, 'page'],
  ['what this person likes counts more', 'index.html', { justMade: true, stored: 'source' }, 'source'],
  ['what was asked for counts more than that', 'index.html', { stored: 'source', look: 'page' }, 'page'],
  ['a place in the text is shown in the text', 'index.html', { look: 'page', sought: true }, 'source'],
  ['a liking that the file does not have is none', 'sales.csv', { stored: 'rendered' }, 'table'],
  ['where a file has no such look it stays as it is', 'photo.png', { look: 'source' }, 'picture'],
  ['two beside each other need room', 'notes.md', { stored: 'beside', narrow: true }, 'source'],
  ['and have it elsewhere', 'notes.md', { stored: 'beside' }, 'beside'],
] as const)('%s', (_, path, wishes, mode) => {
  expect(modeShown({ ...plain, ...wishes, modes: modesOf(path, 10) })).toBe(mode)
})
