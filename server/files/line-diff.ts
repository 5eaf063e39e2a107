import { createTwoFilesPatch, diffLines } from 'diff'

const limits = { compared: 400_000, patch: 200_000 }

/** Lines that came and went; absent when there is too much to compare. */
export function describeLines(before: string, after: string): { added: number; removed: number } | Record<string, never> {
  if (before.length + after.length > limits.compared) return {}
  let added = 0
  let removed = 0
  for (const part of diffLines(before, after, { timeout: 200 }) ?? []) {
    if (part.added) added += part.count
    if (part.removed) removed += part.count
  }
  return { added, removed }
}

/** Unified; undefined when it is too long to show. */
export function patchOf(path: string, before: string, after: string): string | undefined {
  if (before.length + after.length > limits.compared) return undefined
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3, timeout: 500 })
  return patch && patch.length <= limits.patch ? patch : undefined
}
