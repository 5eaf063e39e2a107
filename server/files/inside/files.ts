/** Paths are as `names.ts` of the agent writes them, relative to the workspace, which is the folder that a program inside is run in. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type BigIntStats } from 'node:fs'
import { diskPath, heavyFolders, textOfName } from '../../sandboxes/paths.ts'

/** Where programs inside keep what is theirs: `../store-script.ts`. */
export const store = process.env.ATRIUM_STORE ?? ''

/** All files below `top`, a folder's own before those of its folders. `intoHeavy`: also where programs put thousands. */
export function* walk(top = '', intoHeavy = false): Generator<{ path: string; info: BigIntStats }> {
  const waiting = [top]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(folder)) {
      if (entry.name.startsWith('.atrium-unfinished-')) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory) {
        if (intoHeavy || !heavyFolders.has(entry.name)) waiting.push(path)
      } else if (entry.isFile) {
        const info = orUndefined(() => lstatSync(diskPath(path), { bigint: true }))
        if (info) yield { path, info }
      }
    }
  }
}

const entriesOf = (folder: string) =>
  (orUndefined(() => readdirSync(diskPath(folder || '.'), { withFileTypes: true, encoding: 'buffer' })) ?? [])
    .map((entry) => ({ name: textOfName(entry.name), isDirectory: entry.isDirectory(), isFile: entry.isFile() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** What can be gone, or not be read, at any moment. */
export function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Undefined for what is no text. */
export function asText(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes || bytes.subarray(0, 8192).includes(0)) return undefined
  return orUndefined(() => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
}

/** SHA-1, in hex. */
export const hashOf = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')

/** @throws what reading it throws */
export const readBytes = (path: string) => readFileSync(diskPath(path))

export const bytesOf = (path: string) => orUndefined(() => readBytes(path))

/** Its links followed. @throws what looking at it throws */
export const infoOf = (path: string) => statSync(diskPath(path))

export const realPathOf = (path: string) => textOfName(realpathSync.native(diskPath(path), { encoding: 'buffer' }))
