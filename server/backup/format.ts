import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import { EpochMs } from '#shared/base/time.ts'
import type { BytePath } from '../base/mirror.ts'
import { isTaken } from './data-folder.ts'

/** What a backup's folder holds. */
export const names = { manifest: 'manifest.json', database: 'database.jsonl', list: 'files.jsonl', files: 'files' } as const

export const formatVersion = 1

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().nonnegative()
/** More would not be held in memory. */
const mostEntries = 10_000_000

export const Manifest = z.strictObject({
  format: z.literal(formatVersion),
  /** The version of Atrium that made it. */
  app: z.string().max(100),
  madeAt: EpochMs,
  /** What tells its data folder from any other. */
  home: z.uuid(),
  database: z.strictObject({
    kind: z.enum(['embedded', 'postgres']),
    /** Its newest migration, by its time in the journal. */
    schema: z.int().positive(),
    bytes: count,
    sha256,
    tables: z.array(z.strictObject({ table: z.string().min(1).max(63), rows: count, sha256 })).max(1000),
  }),
  /** `sha256` is that of the list, which has that of each file. */
  files: z.strictObject({ entries: count.max(mostEntries), bytes: count, sha256 }),
  /** Sandboxes in E2B's cloud, of which nothing is in here but the copies that the server keeps of their files. */
  cloud: z.array(z.strictObject({ projectId: z.string().max(100), sandboxId: z.string().max(200) })).max(100_000),
  /** What could not be read, and why; `some` of it by name. */
  leftOut: z.strictObject({ count, some: z.array(z.strictObject({ path: z.string(), why: z.string() })).max(100) }),
  /** How long everybody waited for the moment that this is of. */
  heldMs: z.number().nonnegative(),
})
export type Manifest = z.infer<typeof Manifest>

/** A name that is no text is given by its bytes. */
const Name = z.union([z.string().min(1).max(4000), z.strictObject({ base64: z.base64().max(8000) })])
const mode = z.int().min(0).max(0o777)

/** A line of the list. */
export const FileLine = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('folder'), path: Name, mode }),
  z.strictObject({ kind: z.literal('file'), path: Name, mode, size: count, changedAt: z.number(), sha256 }),
  z.strictObject({ kind: z.literal('link'), path: Name, target: Name }),
])
export type FileLine = z.infer<typeof FileLine>

/** The same with paths as bytes. */
export type FileEntry =
  | { kind: 'folder'; path: BytePath; mode: number }
  | { kind: 'file'; path: BytePath; mode: number; size: number; changedAt: number; sha256: string }
  | { kind: 'link'; path: BytePath; target: BytePath }

/** For people to read, and for lines of JSON. */
export const textOf = (path: BytePath) => Buffer.from(path, 'latin1').toString('utf8')

function nameOf(path: BytePath): z.infer<typeof Name> {
  const text = textOf(path)
  return Buffer.from(text, 'utf8').toString('latin1') === path ? text : { base64: Buffer.from(path, 'latin1').toString('base64') }
}
const pathOf = (name: z.infer<typeof Name>): BytePath =>
  (typeof name === 'string' ? Buffer.from(name, 'utf8') : Buffer.from(name.base64, 'base64')).toString('latin1')

export const lineOf = (entry: FileEntry): string =>
  JSON.stringify({
    ...entry,
    path: nameOf(entry.path),
    ...(entry.kind === 'link' && { target: nameOf(entry.target) }),
  } satisfies FileLine)

export const noBackup = (why: string) => new AppError('invalid_input', `This is no whole backup of Atrium: ${why}.`)

/** @throws AppError `invalid_input` for anything else than a manifest of this format */
export function parseManifest(text: string): Manifest {
  const json = parseJson(text)
  const format = z.object({ format: z.int() }).safeParse(json).data?.format
  if (format === undefined) throw noBackup(`its ${names.manifest} cannot be read`)
  if (format > formatVersion) {
    throw new AppError(
      'invalid_input',
      `This backup was made by a newer Atrium: it has the format ${format}, and this version knows ${formatVersion}.`,
    )
  }
  const parsed = Manifest.safeParse(json)
  if (!parsed.success) throw noBackup(`its ${names.manifest} says what no manifest does (${parsed.error.issues[0]?.path.join('.')})`)
  return parsed.data
}

/**
 * Reads lines of a list, each of which may only name what a backup can hold: below the data folder, in a folder that was named
 * before, and once. @throws AppError `invalid_input`
 */
export function createListReader(): (line: string) => FileEntry {
  const seen = new Set<BytePath>()
  const folders = new Set<BytePath>([''])
  return (line) => {
    const parsed = FileLine.safeParse(parseJson(line))
    if (!parsed.success) throw noBackup(`a line of its ${names.list} means nothing`)
    const path = pathOf(parsed.data.path)
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (!isPlain(path) || !isTaken(path, parsed.data.kind === 'folder')) throw noBackup(`it names a path that no backup holds: ${shown(path)}`)
    if (!folders.has(folder)) throw noBackup(`what is in ${shown(folder)} comes without that folder`)
    if (seen.has(path)) throw noBackup(`it names ${shown(path)} twice`)
    seen.add(path)
    if (parsed.data.kind === 'folder') folders.add(path)
    if (parsed.data.kind !== 'link') return { ...parsed.data, path }
    const target = pathOf(parsed.data.target)
    if (target.includes('\0') || target.length > most.path) throw noBackup(`the link ${shown(path)} leads nowhere`)
    return { ...parsed.data, path, target }
  }
}

const most = { path: 4000, name: 255, depth: 256 }
const shown = (path: BytePath) => JSON.stringify(textOf(path).slice(0, 200))

/** Leads nowhere else than below where it begins. */
function isPlain(path: BytePath): boolean {
  const parts = path.split('/')
  if (path.length > most.path || parts.length > most.depth || path.includes('\0')) return false
  if (process.platform === 'win32' && /[\\:]/.test(path)) return false
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= most.name)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
