import { expect, test } from 'vitest'
import type { FolderListing } from '#shared/files/schema.ts'
import { foldersAbove, linesOf } from './tree-model.ts'

const listing = (path: string, names: string[], omitted = 0) =>
  ({
    path,
    omitted,
    entries: names.map((name) => ({ name: name.replace('/', ''), type: name.endsWith('/') ? 'folder' : 'file', size: 1, modifiedAt: 1 })),
  }) as FolderListing

test('open folders show what is in them, and those not here yet say so', () => {
  const known = new Map([
    ['', listing('', ['data/', 'src/', 'README.md'])],
    ['src', listing('src', ['app.ts'], 12)],
  ])
  const lines = linesOf(known, new Set(['src', 'data']))
  expect(
    lines.map((line) => (line.kind === 'entry' ? `${line.depth} ${line.path}${line.loading ? ' …' : ''}` : `${line.depth} +${line.count}`)),
  ).toEqual(['0 data …', '0 src', '1 src/app.ts', '1 +12', '0 README.md'])
})

test('the folders above a file, outermost first', () => {
  expect(foldersAbove('a/b/c.ts')).toEqual(['a', 'a/b'])
  expect(foldersAbove('c.ts')).toEqual([])
})
