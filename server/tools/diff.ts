import { createTwoFilesPatch, diffLines } from 'diff'

/** Characters of a diff kept with a call, and of the texts that are compared at all. */
const limits = { patch: 20_000, text: 400_000 }

/** `diff` is unified, absent when it would be too long to show. */
export type Change = { added: number; removed: number; diff?: string }

/** What changed between two texts, by lines. */
export function describeChange(path: string, before: string, after: string): Change {
  if (before === '') return { added: countLines(after), removed: 0 }
  if (before.length + after.length > limits.text) return { added: countLines(after), removed: countLines(before) }
  let added = 0
  let removed = 0
  for (const part of diffLines(before, after, { timeout: 500 }) ?? []) {
    if (part.added) added += part.count
    if (part.removed) removed += part.count
  }
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3, timeout: 500 })
  return { added, removed, ...(patch && patch.length <= limits.patch && { diff: patch }) }
}

export function countLines(text: string): number {
  if (text === '') return 0
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
