/** A part of a list that was edited: kept, taken out or put in. */
export type Part = { kind: 'same' | 'removed' | 'added'; parts: readonly string[] }

/** Beyond this many pairs the middle is shown as replaced. */
const maxPairs = 1_000_000

/** How one list became another, by the longest common subsequence. Without `removed` it is `after`, without `added` it is `before`. */
export function changesOf(before: readonly string[], after: readonly string[]): Part[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  const middle = between(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return join([{ kind: 'same', parts: before.slice(0, start) }, ...middle, { kind: 'same', parts: before.slice(before.length - end) }])
}

function between(a: readonly string[], b: readonly string[]): Part[] {
  if (a.length * b.length > maxPairs)
    return [
      { kind: 'removed', parts: a },
      { kind: 'added', parts: b },
    ]
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const found: Part[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'same', parts: [a[i++] ?? ''] })
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) found.push({ kind: 'removed', parts: [a[i++] ?? ''] })
    else found.push({ kind: 'added', parts: [b[j++] ?? ''] })
  }
  return found
}

/** Neighbours of one kind as one. */
function join(all: readonly Part[]): Part[] {
  const joined: { kind: Part['kind']; parts: string[] }[] = []
  for (const { kind, parts } of all) {
    if (parts.length === 0) continue
    const last = joined.at(-1)
    if (last?.kind === kind) for (const part of parts) last.parts.push(part)
    else joined.push({ kind, parts: [...parts] })
  }
  return joined
}
