import { parsePatch, type StructuredPatchHunk } from 'diff'

/** `undone`: the text without the change. `already`: it is not in the text any more. `changed`: others changed the place since. */
export type Undone = { undone: string } | { already: true } | { changed: true }

/** One hunk's lines as they were before and are after, with the unchanged ones around. */
type Sides = { before: string[]; after: string[]; leading: number; trailing: number; line: number }

/**
 * Takes a change back out of a text that may have moved on: each hunk of the unified `patch` is found where it stands now, by its
 * lines and those around it, and becomes what it was. All of them, or nothing. Of lines that occur more than once only those at
 * their very place are meant.
 */
export function undoPatch(now: string, patch: string): Undone {
  const hunks = parsePatch(patch)[0]?.hunks ?? []
  if (hunks.length === 0) return { changed: true }
  const lines = linesOf(now)
  const found: { at: number; length: number; before: string[] }[] = []
  let back = 0
  for (const hunk of hunks) {
    const sides = sidesOf(hunk)
    const place = placeOf(lines, sides)
    if (place) found.push(place)
    else if (occurrences(lines, sides.before).length > 0) back += 1
    else return { changed: true }
  }
  if (found.length === 0) return { already: true }
  const inOrder = found.toSorted((a, b) => b.at - a.at)
  const overlap = inOrder.some((one, i) => i > 0 && one.at + one.length > (inOrder[i - 1]?.at ?? Infinity))
  // Half of it was taken back by hand: what is left is not what one asks to undo.
  if (overlap || back > 0) return { changed: true }
  const result = [...lines]
  for (const { at, length, before } of inOrder) result.splice(at, length, ...before)
  return { undone: result.join('') }
}

/** Lines with their ends, so that a last line without one differs from one that has it. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

function sidesOf({ lines, newStart }: StructuredPatchHunk): Sides {
  const before: string[] = []
  const after: string[] = []
  const kinds: string[] = []
  const cutEnd = (side: string[]) => side.push((side.pop() ?? '').replace(/\n$/, ''))
  for (const line of lines) {
    const kind = line[0] ?? ' '
    if (kind === '\\') {
      if (kinds.at(-1) !== '+') cutEnd(before)
      if (kinds.at(-1) !== '-') cutEnd(after)
      continue
    }
    kinds.push(kind)
    if (kind !== '+') before.push(`${line.slice(1)}\n`)
    if (kind !== '-') after.push(`${line.slice(1)}\n`)
  }
  const changed = (kind: string) => kind !== ' '
  return { before, after, leading: kinds.findIndex(changed), trailing: kinds.length - 1 - kinds.findLastIndex(changed), line: newStart - 1 }
}

/** With all the lines around it; with fewer, nearer ones where people changed what is farther away. */
function placeOf(lines: readonly string[], { before, after, leading, trailing, line }: Sides) {
  for (let context = Math.max(leading, trailing); context >= 0; context--) {
    const [skip, cut] = [Math.max(0, leading - context), Math.max(0, trailing - context)]
    // Without one neighbour the same lines elsewhere would do as well.
    if (context === 0 && leading + trailing > 0) return undefined
    const wanted = after.slice(skip, after.length - cut)
    const places = occurrences(lines, wanted)
    const at = places.length === 1 ? places[0] : places.find((place) => place === line + skip)
    if (at !== undefined) return { at, length: wanted.length, before: before.slice(skip, before.length - cut) }
    // It was undone: nearer lines alone would find something else.
    if (places.length > 0 || occurrences(lines, before).length > 0) return undefined
  }
  return undefined
}

function occurrences(lines: readonly string[], wanted: readonly string[]): number[] {
  const found: number[] = []
  if (wanted.length === 0) return lines.length === 0 ? [0] : []
  for (let at = lines.indexOf(wanted[0] ?? ''); at >= 0; at = lines.indexOf(wanted[0] ?? '', at + 1)) {
    if (wanted.every((line, i) => lines[at + i] === line)) found.push(at)
  }
  return found
}
