/** How all files were at a moment: a note per run, and the texts of all notes once, by their hash, compressed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync, type BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, inflateSync } from 'node:zlib'
import { asText, hashOf, orUndefined, readBytes, store } from './files.ts'

const objects = join(store, 'objects')
const notes = join(store, 'notes')
/** Past this a file is known by its size and time, and its text is not kept. */
export const large = 1 << 20
const keptNotes = 10

/** Size in bytes, time of change in ns as near as a number can say, SHA-1 in hex. */
type Mark = [size: number, changedNs: number, hash: string]
export type Note = Record<string, Mark>

export const loadNote = (run: string): Note | undefined => orUndefined(() => JSON.parse(readFileSync(join(notes, `${run}.json`), 'utf8')) as Note)

/** What a file is, and its bytes when they had to be read. @throws what reading it throws */
export function markOf(path: string, info: BigIntStats, known: Note): { mark: Mark; bytes?: Buffer } {
  const [size, changedNs] = [Number(info.size), Number(info.mtimeNs)]
  const old = Object.hasOwn(known, path) ? known[path] : undefined
  if (old && old[0] === size && old[1] === changedNs) return { mark: old }
  if (size > large) return { mark: [size, changedNs, `large-${info.size}-${info.mtimeNs}`] }
  const bytes = readBytes(path)
  return { mark: [size, changedNs, hashOf(bytes)], bytes }
}

export const keptText = (hash: string): string | undefined =>
  asText(orUndefined(() => inflateSync(readFileSync(join(objects, hash)), { maxOutputLength: 2 * large })))

/** In the order they were made. */
const noteNames = () =>
  (orUndefined(() => readdirSync(notes)) ?? [])
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ name, at: orUndefined(() => statSync(join(notes, name)).mtimeMs) ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ name }) => name.slice(0, -'.json'.length))

export function newestNote(): Note {
  const name = noteNames().at(-1)
  return (name !== undefined && loadNote(name)) || {}
}

/** All of it or nothing, whenever this ends. */
function put(path: string, bytes: Uint8Array | string): void {
  writeFileSync(`${path}.new`, bytes)
  renameSync(`${path}.new`, path)
}

export function keepText(hash: string, bytes: Uint8Array): void {
  mkdirSync(objects, { recursive: true })
  if (!existsSync(join(objects, hash))) put(join(objects, hash), deflateSync(bytes, { level: 1 }))
}

export function keepNote(run: string, note: Note): void {
  mkdirSync(notes, { recursive: true })
  put(join(notes, `${run}.json`), JSON.stringify(note))
}

/** Ends the oldest notes, and the texts that no other one names. */
export function thinNotes(): void {
  const old = noteNames().slice(0, -keptNotes)
  if (old.length === 0) return
  for (const name of old) unlinkSync(join(notes, `${name}.json`))
  const named = new Set(noteNames().flatMap((name) => Object.values(loadNote(name) ?? {}).map(([, , hash]) => hash)))
  for (const name of readdirSync(objects)) if (!named.has(name)) unlinkSync(join(objects, name))
}
