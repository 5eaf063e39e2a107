/** A stretch of a text that was edited: kept, taken out or put in. */
export type Stretch = { kind: 'same' | 'removed' | 'added'; text: string }

/** Beyond this many pairs of words the middle is shown as replaced: a command is short, a file is not. */
const maxPairs = 250_000

/** How one text became another, word by word. Joined without `removed` it is `after`, without `added` it is `before`. */
export function changeOf(before: string, after: string): Stretch[] {
  if (before === after) return [{ kind: 'same', text: after }]
  const a = before.split(/(\s+)/)
  const b = after.split(/(\s+)/)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return join([stretch('same', a.slice(0, start)), ...middle, stretch('same', a.slice(a.length - end))])
}

const stretch = (kind: Stretch['kind'], words: readonly string[]): Stretch => ({ kind, text: words.join('') })

/** By the longest common subsequence of words. */
function between(a: readonly string[], b: readonly string[]): Stretch[] {
  if (a.length * b.length > maxPairs) return [stretch('removed', a), stretch('added', b)]
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const found: Stretch[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: 'same', text: a[i++] ?? '' })
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) found.push({ kind: 'removed', text: a[i++] ?? '' })
    else found.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return found
}

/** Neighbours of one kind as one stretch. */
function join(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = []
  for (const { kind, text } of stretches) {
    if (text === '') continue
    const last = joined.at(-1)
    if (last?.kind === kind) last.text += text
    else joined.push({ kind, text })
  }
  return joined
}
