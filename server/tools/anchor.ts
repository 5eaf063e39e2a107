import { diffText } from '../base/text-edits.ts'

export type Placed = { at: number; length: number } | { failed: 'changed' | 'no_match' | 'many_matches'; count: number }

/**
 * Where a passage stands now. With the version that the model has read, its place there is followed through what changed since:
 * it may have moved, but must not have been touched. Without one it must stand exactly once.
 */
export function placePassage(now: string, read: string | undefined, passage: string): Placed {
  const known = read === undefined || read === now ? 0 : countOf(read, passage)
  if (read !== undefined && known === 1) {
    const start = read.indexOf(passage)
    const end = start + passage.length
    let moved = 0
    for (const edit of diffText(read, now)) {
      const editEnd = edit.at + edit.remove
      if (edit.at >= end) break
      if (editEnd > start && !(edit.remove === 0 && edit.at === start)) return { failed: 'changed', count: 0 }
      moved += edit.insert.length - edit.remove
    }
    return now.startsWith(passage, start + moved) ? { at: start + moved, length: passage.length } : { failed: 'changed', count: 0 }
  }
  const count = countOf(now, passage)
  if (count === 1) return { at: now.indexOf(passage), length: passage.length }
  return { failed: count === 0 ? 'no_match' : 'many_matches', count }
}

/** Overlapping ones count: `aa` occurs twice in `aaa`. */
function countOf(text: string, passage: string): number {
  let count = 0
  for (let at = text.indexOf(passage); at >= 0; at = text.indexOf(passage, at + 1)) count++
  return count
}
