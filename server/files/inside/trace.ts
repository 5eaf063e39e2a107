/** {hash, size, withinMs} → {path} of each file that holds what `hash` (SHA-1, hex) is of and came to its place in that time. */
import { createHash } from 'node:crypto'
import { bytesOf, walk } from './files.ts'
import { question, say } from './lines.ts'

const { hash, size, withinMs } = question<{ hash: string; size: number; withinMs: number }>()
const since = Date.now() - withinMs
let seen = 0
for (const { path, info } of walk()) {
  seen += 1
  if (seen > 20_000) break
  if (Number(info.size) !== size || Number(info.ctimeMs) < since) continue
  const bytes = bytesOf(path)
  if (bytes && createHash('sha1').update(bytes).digest('hex') === hash) say({ path })
}
