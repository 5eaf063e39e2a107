import { expect, test } from 'vitest'
import { FileType } from 'e2b'
import type { FilePath } from '#shared/files/path.ts'
import { pathsOf } from './e2b-paths.ts'

const file = (name: string) => ({ name, type: FileType.FILE, path: name, size: 1, mode: 0, permissions: '', owner: '', group: '' })
const [local, cloud] = [pathsOf(true), pathsOf(false)]

test('the local host is told names as they are written here', () => {
  expect(local.absolute(String.raw`caf\xe9` as FilePath)).toBe(String.raw`/home/user/caf\xe9`)
  expect(local.entry(file(String.raw`caf\xe9`))?.name).toBe(String.raw`caf\xe9`)
  expect(local.folderOf('', String.raw`d\xe9/f`)).toBe(String.raw`d\xe9`)
})

test('a cloud is told what the disk calls a file, and no other file is taken for one that it cannot be told', () => {
  const entry = cloud.entry(file(String.raw`caf\xe9`))
  expect(entry?.name).toBe(String.raw`caf\x5cxe9`)
  expect(cloud.absolute(entry?.name as FilePath)).toBe(String.raw`/home/user/caf\xe9`)
  expect(cloud.folderOf('', String.raw`a\xe9/f`)).toBe(String.raw`a\x5cxe9`)
  expect(cloud.cwd(String.raw`/home/user/a\x5cxe9`)).toBe(String.raw`/home/user/a\xe9`)
  expect(() => cloud.absolute(String.raw`caf\xe9` as FilePath)).toThrow(String.raw`The name caf\xe9 is not UTF-8.`)
  expect(() => cloud.absolute(String.raw`\xc3\xa9` as FilePath)).toThrow('no name that a file can have')
})
