/**
 * Fails when what a browser fetches on a first visit of a room has grown past its budget: the scripts of the entry, of the
 * room with its conversation and its files, and of the larger language, with everything they import at once, gzipped.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ensureBuilt } from '../build.mjs'
import { root } from '../root.mjs'

const budgetBytes = 300_000

type Chunk = { file: string; imports?: string[] }
type Manifest = Record<string, Chunk>

const needed = ['index.html', 'pages/room.tsx']
const languages = ['i18n/en.ts', 'i18n/zh-cn.ts']

ensureBuilt(process.execPath)
const dist = join(root, 'dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Manifest

/** Everything that is fetched with these modules, without what they import when used. */
function reach(entries: readonly string[], found = new Map<string, number>()): Map<string, number> {
  for (const entry of entries) {
    const chunk = manifest[entry]
    if (!chunk || found.has(chunk.file)) continue
    found.set(chunk.file, chunk.file.endsWith('.js') ? gzipSync(readFileSync(join(dist, chunk.file)), { level: 9 }).length : 0)
    reach(chunk.imports ?? [], found)
  }
  return found
}
const bytesOf = (entries: readonly string[]) => [...reach(entries).values()].reduce((sum, bytes) => sum + bytes, 0)

/** Files that need each other would run before what they need is there. */
function findCycle(key: string, above: readonly string[] = [], done = new Set<string>()): readonly string[] | undefined {
  if (above.includes(key)) return [...above, key]
  if (done.has(key)) return undefined
  for (const below of manifest[key]?.imports ?? []) {
    const cycle = findCycle(below, [...above, key], done)
    if (cycle) return cycle
  }
  done.add(key)
  return undefined
}

const cycle = Object.keys(manifest)
  .map((key) => findCycle(key))
  .find((found) => found !== undefined)
if (cycle) {
  console.error(`files of the build need each other: ${cycle.join(' → ')}`)
  process.exit(1)
}

const missing = [...needed, ...languages].filter((entry) => !manifest[entry])
for (const entry of missing) console.error(`${entry} is no entry of the build; tell this gate what a room loads now`)

const sizes = languages.map((language) => ({ language, bytes: bytesOf([...needed, language]) })).sort((a, b) => b.bytes - a.bytes)
const largest = sizes[0]
if (!largest || missing.length > 0) process.exit(1)
const chunks = [...reach([...needed, largest.language])].sort((a, b) => b[1] - a[1])
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`

console.log(
  `a first visit of a room fetches ${kilobytes(largest.bytes)} of gzipped script in ${chunks.length} files; at most ${kilobytes(budgetBytes)}`,
)
if (largest.bytes > budgetBytes) {
  for (const [file, bytes] of chunks.slice(0, 12)) console.error(`  ${kilobytes(bytes).padStart(9)}  ${file}`)
  console.error('Load what is not needed at first when it is used: a lazy import.')
  process.exit(1)
}
