import { diffArrays } from 'diff/lib/diff/array.js'

/** A part of a list that was edited: kept, taken out or put in. */
export type Part = { kind: 'same' | 'removed' | 'added'; parts: readonly string[] }

/** Beyond this many edits it is shown as replaced. */
const maxEditLength = 2_000

/** How one list became another. Without `removed` it is `after`, without `added` it is `before`. */
export function changesOf(before: readonly string[], after: readonly string[]): Part[] {
  const found = diffArrays([...before], [...after], { maxEditLength })
  if (!found) {
    const replaced: Part[] = [
      { kind: 'removed', parts: before },
      { kind: 'added', parts: after },
    ]
    return replaced.filter(({ parts }) => parts.length > 0)
  }
  return found.map(({ value, added, removed }) => ({ kind: added ? 'added' : removed ? 'removed' : 'same', parts: value }))
}
