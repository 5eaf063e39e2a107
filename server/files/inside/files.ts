/** Paths are relative to the workspace, which is the folder that a program inside is run in. */
import { lstatSync, readdirSync, readFileSync, type BigIntStats, type Dirent } from 'node:fs'

/** Where programs inside keep what is theirs: `../store-script.ts`. */
export const store = process.env.ATRIUM_STORE ?? ''

const heavy = new Set(['node_modules', '.git', '.venv', 'venv', '__pycache__', '.cache', '.npm', '.pnpm-store', '.next', 'target'])

/** All files below `top`, a folder's own before those of its folders. `intoHeavy`: also where programs put thousands. */
export function* walk(top = '', intoHeavy = false): Generator<{ path: string; info: BigIntStats }> {
  const waiting = [top]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(folder)) {
      if (entry.name.startsWith('.atrium-unfinished-')) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) {
        if (intoHeavy || !heavy.has(entry.name)) waiting.push(path)
      } else if (entry.isFile()) {
        const info = orUndefined(() => lstatSync(path, { bigint: true }))
        if (info) yield { path, info }
      }
    }
  }
}

const entriesOf = (folder: string): Dirent[] =>
  (orUndefined(() => readdirSync(folder || '.', { withFileTypes: true })) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1))

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

export const bytesOf = (path: string) => orUndefined(() => readFileSync(path))
