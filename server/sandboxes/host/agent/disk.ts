/** The calls of `node:fs` that the agent makes, for paths as `names.ts` writes them. */
import type { Dirent, FSWatcher, Stats } from 'node:fs'
import * as fs from 'node:fs'
import * as promises from 'node:fs/promises'
import { diskPath, textOfName } from './names.ts'

export const lstat = async (path: string): Promise<Stats> => promises.lstat(diskPath(path))
export const stat = async (path: string): Promise<Stats> => promises.stat(diskPath(path))
export const chmod = async (path: string, mode: number) => promises.chmod(diskPath(path), mode)
export const open = async (path: string, flags: string) => promises.open(diskPath(path), flags)
export const rename = async (from: string, to: string) => promises.rename(diskPath(from), diskPath(to))
/** Makes what is missing above it as well. @returns whether anything was made */
export const makeFolders = async (path: string) => (await promises.mkdir(diskPath(path), { recursive: true })) !== undefined
/** With all that is in it. Nothing there is no failure. */
export const remove = async (path: string) => promises.rm(diskPath(path), { recursive: true, force: true })
export const createWriteStream = (path: string) => fs.createWriteStream(diskPath(path))

export const realpath = async (path: string) => textOfName(await promises.realpath(diskPath(path), { encoding: 'buffer' }))
export const readlink = async (path: string) => textOfName(await promises.readlink(diskPath(path), { encoding: 'buffer' }))
export const readdir = async (path: string): Promise<string[]> => (await promises.readdir(diskPath(path), { encoding: 'buffer' })).map(textOfName)

export async function readEntries(path: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries: Dirent<Buffer>[] = await promises.readdir(diskPath(path), { encoding: 'buffer', withFileTypes: true })
  return entries.map((entry) => ({ name: textOfName(entry.name), isFolder: entry.isDirectory() }))
}

export function watch(path: string, onChange: (kind: string, name: string) => void): FSWatcher {
  return fs.watch(diskPath(path), { persistent: false, encoding: 'buffer' }, (kind, name) =>
    onChange(kind, name === null ? 'null' : textOfName(name)),
  )
}
