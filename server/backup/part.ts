import { hostname } from 'node:os'
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { AppError } from '#shared/base/errors.ts'
import { makeFolder } from '../base/make-folder.ts'
import { syncFolder } from './files.ts'

/** Whose a folder is that is not whole yet: a server makes one backup at a time, so that an older one of its own is a leftover. */
const makerFile = 'made-by.json'
const suffix = '.part'

export type Part = {
  path: string
  /** Gives it its name, durably. @returns where it is then */
  finish(): Promise<string>
  remove(): Promise<void>
}

/**
 * A folder that has its name, `atrium-<time>`, only when it is whole.
 * @throws AppError `invalid_input` when it would be in the data folder
 */
export async function beginPart(folder: string, dataDir: string, at: number): Promise<Part> {
  const real = await realpath(dataDir)
  if (isInside(await whereItWillBe(folder), real)) {
    throw new AppError(
      'invalid_input',
      `${folder} is in the data folder ${dataDir}, which a backup is of. Name a folder elsewhere, best on another disk.`,
    )
  }
  await makeFolder(folder)
  const maker = JSON.stringify({ host: hostname(), dataDir: real })
  await removeLeftovers(folder, maker)
  const name = `atrium-${new Date(at).toISOString().replaceAll(':', '-')}`
  const path = join(folder, name + suffix)
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3 })
  await mkdir(path, { mode: 0o700 })
  try {
    await writeFile(join(path, makerFile), maker, { mode: 0o600 })
  } catch (error) {
    await remove()
    throw error
  }
  return {
    path,
    async finish() {
      await rm(join(path, makerFile))
      await syncFolder(path)
      await rename(path, join(folder, name))
      await syncFolder(folder)
      return join(folder, name)
    },
    remove,
  }
}

async function removeLeftovers(folder: string, maker: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^atrium-.*\.part$/.test(name)) continue
    const theirs = await readFile(join(folder, name, makerFile), 'utf8').catch(() => undefined)
    if (theirs === maker) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Links resolved as far as there is anything. */
async function whereItWillBe(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error
    return join(await whereItWillBe(dirname(path)), basename(path))
  }
}

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || !(way === '..' || way.startsWith('../') || way.startsWith('..\\') || /^[a-z]:/i.test(way))
}
