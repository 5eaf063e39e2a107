import { expect, test } from 'vitest'
import { isTaken } from './data-folder.ts'
import { createListReader, lineOf, parseManifest } from './format.ts'
import type { FileEntry, Manifest } from './format.ts'

const sha256 = 'a'.repeat(64)
const file = (path: string) => ({ kind: 'file', path, mode: 0o644, size: 1, changedAt: 0, sha256 })
const folder = (path: string) => ({ kind: 'folder', path, mode: 0o755 })
const read = (...lines: unknown[]) => {
  const reader = createListReader()
  return lines.map((line) => reader(typeof line === 'string' ? line : JSON.stringify(line)))
}

test('entries are read as they were written, also with names that are no text', () => {
  const entries: FileEntry[] = [
    { kind: 'folder', path: 'sandboxes', mode: 0o700 },
    { kind: 'file', path: 'sandboxes/f\xff\n"', mode: 0o600, size: 3, changedAt: -1.5, sha256 },
    { kind: 'file', path: Buffer.from('sandboxes/计划.md').toString('latin1'), mode: 0, size: 0, changedAt: 0, sha256 },
    { kind: 'link', path: 'sandboxes/l', target: '../../\xfe' },
  ]
  const lines = entries.map(lineOf)
  expect(lines.join('')).toContain('计划.md')
  expect(read(...lines)).toEqual(entries)
})

test.each([
  '/etc/passwd',
  '../outside',
  'sandboxes/../../outside',
  'sandboxes/./x',
  'sandboxes//x',
  'sandboxes/',
  'sandboxes/a\0b',
  `sandboxes/${'x'.repeat(256)}`,
  '..',
  'db/PG_VERSION',
  'admin/socket',
  'server.lock',
  'db.lock',
  'sandbox-host-id',
  'restore-under-way',
  'backups/1/x',
  'sandboxes/i1/sandbox.json.77',
])('a path that no backup holds is refused: %j', (path) => {
  expect(() => read(folder('sandboxes'), folder('sandboxes/i1'), file(path))).toThrow('no backup holds')
})

test('so is one by its bytes, one without its folder, one in a file or behind a link, and one named twice', () => {
  expect(() => read(file({ base64: Buffer.from('../x').toString('base64') } as never))).toThrow('no backup holds')
  expect(() => read(file('sandboxes/x'))).toThrow('without that folder')
  expect(() => read(file('a'), file('a/b'))).toThrow('without that folder')
  expect(() => read({ kind: 'link', path: 'a', target: '/etc' }, file('a/passwd'))).toThrow('without that folder')
  expect(() => read(file('a'), file('a'))).toThrow('twice')
  expect(() => read('{"kind":"file"')).toThrow('means nothing')
  expect(() => read({ ...file('a'), mode: 0o4755 })).toThrow('means nothing')
  expect(() => read({ ...file('a'), more: 1 })).toThrow('means nothing')
})

const manifest: Manifest = {
  format: 1,
  app: '0.1.0',
  madeAt: 1,
  home: crypto.randomUUID(),
  database: { kind: 'embedded', schema: 1, bytes: 1, sha256, tables: [{ table: 'users', rows: 1, sha256 }] },
  files: { entries: 1, bytes: 1, sha256 },
  cloud: [],
  leftOut: { count: 0, some: [] },
  heldMs: 1,
}

test('a manifest is taken as it was written, and a newer or another one is refused with words', () => {
  expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest)
  expect(() => parseManifest('{')).toThrow('cannot be read')
  expect(() => parseManifest(JSON.stringify({ ...manifest, format: 2 }))).toThrow('made by a newer Atrium')
  expect(() => parseManifest(JSON.stringify({ ...manifest, files: { entries: 1e12, bytes: 1, sha256 } }))).toThrow('files.entries')
  expect(() => parseManifest(JSON.stringify({ ...manifest, database: { ...manifest.database, tables: undefined } }))).toThrow('database.tables')
})

test('of the data folder everything is taken but what is of processes, unfinished, or in the backup in another form', () => {
  const taken = ['copies/prj_1.tgz', 'sandboxes/i1/sandbox.json', 'sandboxes/i1/home/user/a', 'sandboxes/i1/home/user/db.lock', 'what-comes-one-day']
  const not = [
    'server.lock',
    'db.lock.12.x',
    'copies/prj_1.tgz.12',
    'copies/prj_1.json.12',
    'sandboxes/i1/sandbox.json.9',
    'sandboxes/i1.removed/home/user/a',
    'sandboxes/i1/home/user/a/.atrium-unfinished-77',
    'db-moved-to-postgres-2026/x',
  ]
  expect(taken.filter((path) => !isTaken(path, false))).toEqual([])
  expect(not.filter((path) => isTaken(path, false))).toEqual([])
  // Of an earlier version, and whole.
  expect(isTaken('sandboxes/i1/home/user/.atrium-unfinished-files', true)).toBe(true)
})
