import { countLines } from '#shared/files/count-lines.ts'
import { createTwoFilesPatch, diffLines } from 'diff'

/** Characters of a diff kept with a call, and of the texts that are compared at all. */
const limits = { patch: 20_000, text: 400_000 }

/** `diff` is unified, absent when it would be too long to show. */
export type Change = { added: number; removed: number; diff?: string }

/** What changed between two texts, by lines. Counts are those of the difference, or of what stands between what did not change where that would take too long. */
export function describeChange(path: string, before: string, after: string): Change {
  if (before === '') return { added: countLines(after), removed: 0 }
  const between = withoutCommon(before, after)
  const parts = between.before.length + between.after.length > limits.text ? undefined : diffLines(between.before, between.after, { timeout: 500 })
  if (!parts) return { added: countLines(between.after), removed: countLines(between.before) }
  let added = 0
  let removed = 0
  for (const part of parts) {
    if (part.added) added += part.count
    if (part.removed) removed += part.count
  }
  if (before.length + after.length > limits.text) return { added, removed }
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3, timeout: 500 })
  return { added, removed, ...(patch && patch.length <= limits.patch && { diff: patch }) }
}

/** Two texts without the lines that both begin and end with. */
function withoutCommon(before: string, after: string): { before: string; after: string } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start += 1
  start = before.lastIndexOf('\n', start - 1) + 1
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const cut = before.indexOf('\n', before.length - end) + 1
  const kept = end === 0 || cut === 0 ? 0 : before.length - cut
  return { before: before.slice(start, before.length - kept), after: after.slice(start, after.length - kept) }
}
