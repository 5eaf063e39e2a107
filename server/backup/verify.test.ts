import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { restoreBackup } from './restore.ts'
import { lineOf, names } from './format.ts'
import type { FileEntry, Manifest } from './format.ts'
import { compareBackup, readManifest } from './verify.ts'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const content: Record<string, string> = { 'copies/a.tgz': 'archive', 'copies/a.json': '{}' }
const rows = { users: ['["usr_1","Ada"]', '["usr_2","Mei"]'], items: ['["itm_1",null]'] }

let root: string
let whole: string
let backup: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-verify-'))
  whole = join(root, 'whole')
  await mkdir(join(whole, names.files, 'copies', 'empty'), { recursive: true })
  for (const [path, text] of Object.entries(content)) await writeFile(join(whole, names.files, path), text)
  const entries: FileEntry[] = [
    { kind: 'folder', path: 'copies', mode: 0o700 },
    ...Object.entries(content).map(([path, text]) => ({
      kind: 'file' as const,
      path,
      mode: 0o600,
      size: text.length,
      changedAt: 0,
      sha256: digest(text),
    })),
    { kind: 'folder', path: 'copies/empty', mode: 0o700 },
    { kind: 'link', path: 'copies/link', target: 'a.tgz' },
  ]
  const list = entries.map((entry) => `${lineOf(entry)}\n`).join('')
  await writeFile(join(whole, names.list), list)
  const tables = Object.entries(rows).map(([table, lines]) => ({
    table,
    rows: lines.length,
    sha256: digest(lines.map((line) => `${line}\n`).join('')),
  }))
  const database = [
    '{"format":"atrium-tables","version":1,"schema":1}',
    ...tables.flatMap(({ table, rows: count, sha256 }) => [
      JSON.stringify({ table, columns: [['id', 'text']] }),
      ...rows[table as keyof typeof rows],
      JSON.stringify({ end: table, rows: count, sha256 }),
    ]),
    '{"done":true,"tables":2}\n',
  ].join('\n')
  await writeFile(join(whole, names.database), database)
  const manifest: Manifest = {
    format: 1,
    app: '1',
    madeAt: 1,
    home: crypto.randomUUID(),
    database: { kind: 'embedded', schema: 1, bytes: database.length, sha256: digest(database), tables },
    files: { entries: entries.length, bytes: 9, sha256: digest(list) },
    cloud: [],
    leftOut: { count: 0, some: [] },
    heldMs: 1,
  }
  await writeFile(join(whole, names.manifest), JSON.stringify(manifest))
})
afterAll(() => rm(root, { recursive: true, force: true }))
beforeEach(async () => {
  backup = join(root, 'backup')
  await rm(backup, { recursive: true, force: true })
  await cp(whole, backup, { recursive: true })
})

async function differences(): Promise<string[]> {
  const found: string[] = []
  await compareBackup(backup, await readManifest(backup), ({ what, name, how }) => found.push(`${what} ${name} ${how}`))
  return found.toSorted()
}
const inFiles = (path: string) => join(backup, names.files, path)
const edit = async (path: string, change: (text: string) => string) =>
  writeFile(join(backup, path), change(await readFile(join(backup, path), 'utf8')))

test('nothing differs in one that is as it was written', async () => {
  expect(await differences()).toEqual([])
})

test('files that were changed, cut off, lost, added, or became something else are named', async () => {
  await writeFile(inFiles('copies/a.json'), '[]')
  await truncate(inFiles('copies/a.tgz'), 3)
  await writeFile(inFiles('copies/more'), '')
  await rm(inFiles('copies/empty'), { recursive: true })
  await symlink('/etc', inFiles('copies/link'))
  expect(await differences()).toEqual([
    'file copies/a.json has other content',
    'file copies/a.tgz has 3 bytes instead of 7',
    'file copies/empty is missing',
    'file copies/link is not in the manifest',
    'file copies/more is not in the manifest',
  ])
  await rm(inFiles('copies/a.json'))
  await mkdir(inFiles('copies/a.json'))
  await rm(inFiles('copies/a.tgz'))
  // The same content, but not in the backup.
  await writeFile(join(root, 'same'), 'archive')
  await symlink(join(root, 'same'), inFiles('copies/a.tgz'))
  expect(await differences()).toEqual(
    expect.arrayContaining(['file copies/a.json is missing', 'file copies/a.json is no file', 'file copies/a.tgz is missing']),
  )
})

test('tables whose rows were changed, lost or added are named', async () => {
  await edit(names.database, (text) => text.replace('Ada', 'Eve'))
  expect(await differences()).toEqual(['table users has other rows'])
  await edit(names.database, (text) => text.replace('["itm_1",null]\n', ''))
  expect(await differences()).toEqual(['table items has 0 rows instead of 1', 'table users has other rows'])
  await edit(names.database, (text) => text.replace(/^\{"table":"items".*\n.*\n/m, ''))
  expect(await differences()).toContain('table items is missing')
  await edit(names.database, (text) => text.replace('"table":"users"', '"table":"others"'))
  expect(await differences()).toEqual(expect.arrayContaining(['table users is missing', 'table others is not in the manifest']))
})

test('what was changed between the tables is seen as well', async () => {
  await edit(names.database, (text) => text.replace('"schema":1', '"schema":2'))
  expect(await differences()).toEqual(['file database.jsonl was changed between its tables'])
})

test('one whose lists cannot be believed is no backup', async () => {
  await edit(names.list, (text) => text.replace('"size":7', '"size":8'))
  await expect(differences()).rejects.toThrow('files.jsonl is not the one that was written')
  await edit(names.list, (text) => text + text)
  await expect(differences()).rejects.toThrow('more lines than it should')
  await rm(join(backup, names.list))
  await expect(differences()).rejects.toThrow('files.jsonl is missing')
  await edit(names.database, (text) => text.slice(0, -1))
  await expect(differences()).rejects.toThrow('cut off')
  await rename(join(backup, names.database), join(backup, 'database'))
  await expect(differences()).rejects.toThrow('database.jsonl is missing')
  await rm(join(backup, names.manifest))
  await expect(readManifest(backup)).rejects.toThrow('This is no whole backup of Atrium')
  await expect(readManifest(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'invalid_input' })
})

test('a backup that differs is not restored, and nothing is left of the attempt', async () => {
  await writeFile(inFiles('copies/a.json'), '[]')
  const dataDir = join(root, 'new', 'data')
  const untouched = () => Promise.reject(new Error('nothing is opened for it'))
  const deps = { dataDir, openDatabase: untouched, settleFiles: untouched, settleRows: untouched }
  await expect(restoreBackup(deps, backup, () => undefined)).rejects.toThrow('the file copies/a.json has other content')
  await expect(readFile(join(root, 'new'))).rejects.toMatchObject({ code: 'ENOENT' })
  // Whatever fails later takes along what was put there.
  const whileOpening = restoreBackup(deps, whole, () => undefined)
  await expect(whileOpening).rejects.toThrow('nothing is opened for it')
  await expect(readFile(join(root, 'new'))).rejects.toMatchObject({ code: 'ENOENT' })
})
