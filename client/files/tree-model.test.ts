import { expect, test } from 'vitest'
import type { FolderListing } from '#shared/files/schema.ts'
import { foldersAbove, isWithin, linesOf, typedAhead, type EntryLine } from './tree-model.ts'

const listing = (path: string, names: string[], omitted = 0) =>
  ({
    path,
    omitted,
    entries: names.map((name) => ({ name: name.replace('/', ''), type: name.endsWith('/') ? 'folder' : 'file', size: 1, modifiedAt: 1 })),
  }) as FolderListing

const known = new Map([
  ['', listing('', ['data/', 'src/', 'README.md'])],
  ['src', listing('src', ['app.ts'], 12)],
])

test('open folders show what is in them, and those not here yet say so', () => {
  const lines = linesOf(known, new Set(['src', 'data']))
  expect(
    lines.map((line) =>
      line.kind === 'entry' ? `${line.depth} ${line.path}${line.loading ? ' …' : ''}` : line.kind === 'omitted' ? `${line.depth} +${line.count}` : '',
    ),
  ).toEqual(['0 data …', '0 src', '1 src/app.ts', '1 +12', '0 README.md'])
})

test('what is being named has a line first in its folder', () => {
  const lines = linesOf(known, new Set(['src']), { folder: 'src', type: 'file' })
  expect(lines.map((line) => `${line.kind} ${line.path}`)).toEqual([
    'entry data',
    'entry src',
    'new src',
    'entry src/app.ts',
    'omitted src',
    'entry README.md',
  ])
})

test('the folders above a file, outermost first', () => {
  expect(foldersAbove('a/b/c.ts')).toEqual(['a', 'a/b'])
  expect(foldersAbove('c.ts')).toEqual([])
})

test('a folder holds itself and what is below it, not what begins alike', () => {
  expect(isWithin('src/app.ts', 'src')).toBe(true)
  expect(isWithin('src', 'src')).toBe(true)
  expect(isWithin('src2/app.ts', 'src')).toBe(false)
})

test('letters typed go to the next name that begins so', () => {
  const entries = ['alpha', 'apple', 'beta', 'app'].map((name) => ({ path: name, entry: { name } }) as EntryLine)
  expect(typedAhead(entries, 0, 'b')?.path).toBe('beta')
  expect(typedAhead(entries, 0, 'a')?.path).toBe('apple')
  expect(typedAhead(entries, 1, 'aa')?.path).toBe('app')
  expect(typedAhead(entries, 0, 'app')?.path).toBe('apple')
  expect(typedAhead(entries, 0, 'x')).toBeUndefined()
})
