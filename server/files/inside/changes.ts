/**
 * {op: 'note', run} notes how all files are; {op: 'compare', run} → {path, status, before?, after?} of what differs since, with
 * texts up to 4 MB in all; {op: 'one', run, path} of one. {missing: true}: there is no such note.
 */
import { asText, bytesOf, infoOf, orUndefined, walk } from './files.ts'
import { question, say } from './lines.ts'
import { keepNote, keepText, keptText, large, loadNote, markOf, newestNote, thinNotes, type Note } from './notes.ts'

const most = 20_000
let room = 4 << 20

function note(run: string): void {
  const known = newestNote()
  const made: Note = Object.create(null)
  let count = 0
  for (const { path, info } of walk()) {
    if (count >= most) break
    const marked = orUndefined(() => markOf(path, info, known))
    if (!marked) continue
    count += 1
    made[path] = marked.mark
    if (marked.bytes) keepText(marked.mark[2], marked.bytes)
  }
  keepNote(run, made)
  thinNotes()
  say({ noted: count })
}

const textNow = (path: string) => ((orUndefined(() => infoOf(path).size) ?? Infinity) > large ? undefined : asText(bytesOf(path)))

function tell(path: string, status: 'A' | 'M' | 'D' | 'same', oldHash: string | undefined): void {
  const before = oldHash === undefined ? undefined : keptText(oldHash)
  const after = status === 'D' ? undefined : textNow(path)
  const size = (before?.length ?? 0) + (after?.length ?? 0)
  if (size > room) return say({ path, status })
  room -= size
  say({ path, status, ...(before !== undefined && { before }), ...(after !== undefined && { after }) })
}

function compare(known: Note, only: string | undefined): void {
  const seen = new Set<string>()
  for (const { path, info } of walk()) {
    if (only !== undefined && path !== only) continue
    seen.add(path)
    const marked = orUndefined(() => markOf(path, info, known))
    if (!marked) continue
    const old = Object.hasOwn(known, path) ? known[path] : undefined
    if (!old) tell(path, 'A', undefined)
    else if (old[2] !== marked.mark[2]) tell(path, 'M', old[2])
    else if (only !== undefined) tell(path, 'same', old[2])
  }
  for (const [path, [, , hash]] of Object.entries(known)) if (!seen.has(path) && (only === undefined || path === only)) tell(path, 'D', hash)
}

const asked = question<{ op: 'note' | 'compare' | 'one'; run: string; path?: string }>()
const known = asked.op === 'note' ? undefined : loadNote(asked.run)
if (asked.op === 'note') note(asked.run)
else if (known) compare(known, asked.path)
else say({ missing: true })
