import { diffText, lineStart, type TextEdit, trim, wouldJoin } from './text-edits.ts'

/** A place that both sides changed. Ends are exclusive; `mine` and `disk` are places in the merged text. */
export type Overlap = { base: string; mine: { start: number; end: number }; disk: { start: number; end: number } }

/** `edits` make the merged text of `mine`. */
export type Merge = { edits: TextEdit[]; overlaps: Overlap[] }

type Sides = { mine: TextEdit[]; disk: TextEdit[] }

/**
 * Merges what became of `base` on two sides. What one side alone changed is taken; the same change of both is taken once; two
 * insertions at one place stand one after the other, as words of their own. Where both changed the same characters differently, the lines
 * around stand twice, first as in `mine`, then as on the `disk`, and an overlap says so: nothing of either is lost.
 */
export function mergeTexts(base: string, mine: string, disk: string): Merge {
  const theirs = diffText(base, disk)
  if (theirs.length === 0) return { edits: [], overlaps: [] }
  const ours = diffText(base, mine)
  // What one side alone changed is as it has it, to the byte.
  if (ours.length === 0) return { edits: theirs.map((edit) => trim(edit, mine)), overlaps: [] }
  const edits: TextEdit[] = []
  const overlaps: Overlap[] = []
  /** What was taken of the disk so far has made the merged text longer by this; `ours` moved places in `mine` by `shift`. */
  let grown = 0
  let shift = 0
  const take = (edit: TextEdit) => {
    if (edit.remove === 0 && edit.insert === '') return
    edits.push(trim(edit, mine))
    grown += edit.insert.length - edit.remove
  }
  /** Edits begin and end between words: where words meet now that did not on either side, they stay two. */
  const apart = (edit: TextEdit): TextEdit => {
    const { at, remove, insert } = edit
    const before = endBefore(at)
    const after = mine.slice(at + remove, at + remove + 2)
    if (insert === '') return wouldJoin(before, after) ? { ...edit, insert: ' ' } : edit
    return { ...edit, insert: (wouldJoin(before, insert) ? ' ' : '') + insert + (wouldJoin(insert, after) ? ' ' : '') }
  }
  /** What the merged text ends with before a place in `mine`. */
  const endBefore = (place: number): string => {
    let at = place
    for (const last of edits.toReversed()) {
      if (last.at + last.remove !== at) break
      if (last.insert !== '') return last.insert
      at = last.at
    }
    return mine.slice(Math.max(0, at - 2), at)
  }
  for (const group of groups(base, ours, theirs)) {
    const { mine: m, disk: d, start, end } = group
    const delta = m.reduce((sum, edit) => sum + edit.insert.length - edit.remove, 0)
    if (d.length > 0) {
      const region = { start: start + shift, end: end + shift + delta }
      const mineBlock = mine.slice(region.start, region.end)
      const diskBlock = blockOf(base, d, start, end)
      if (m.length === 0) for (const edit of d) take(apart({ ...edit, at: edit.at + shift }))
      else if (mineBlock !== diskBlock) {
        const baseBlock = base.slice(start, end)
        const gap = mineBlock !== '' && diskBlock !== '' && !mineBlock.endsWith('\n') ? '\n' : ''
        if (start === end) take(apart({ at: region.end, remove: 0, insert: diskBlock }))
        else if (m.every(isRemoval) && d.every(isRemoval))
          for (const edit of diffText(mineBlock, blockOf(base, [...union(m, d)], start, end))) take(apart({ ...edit, at: edit.at + region.start }))
        else {
          const from = region.start + grown
          const diskStart = from + mineBlock.length + gap.length
          const gapAfter = wouldJoin(diskBlock, mine.slice(region.end, region.end + 2)) ? '\n' : ''
          take({ at: region.end, remove: 0, insert: gap + diskBlock + gapAfter })
          overlaps.push({
            base: baseBlock,
            mine: { start: from, end: from + mineBlock.length },
            disk: { start: diskStart, end: diskStart + diskBlock.length },
          })
        }
      }
    }
    shift += delta
  }
  return { edits, overlaps }
}

const isRemoval = ({ insert }: TextEdit) => insert === ''

/** What becomes of a stretch of `base` by the edits in it. */
function blockOf(base: string, edits: readonly TextEdit[], start: number, end: number): string {
  let result = ''
  let at = start
  for (const edit of edits) {
    result += base.slice(at, edit.at) + edit.insert
    at = edit.at + edit.remove
  }
  return result + base.slice(at, end)
}

/** Removals of both, each stretch once. */
function union(a: readonly TextEdit[], b: readonly TextEdit[]): TextEdit[] {
  const all = [...a, ...b].sort((x, y) => x.at - y.at)
  const joined: TextEdit[] = []
  for (const edit of all) {
    const last = joined.at(-1)
    if (last && edit.at <= last.at + last.remove) last.remove = Math.max(last.remove, edit.at + edit.remove - last.at)
    else joined.push({ ...edit })
  }
  return joined
}

type Group = Sides & { start: number; end: number }

/** Edits that have to do with each other, in order; where the two sides overlap, with the whole lines around. */
function groups(base: string, ours: readonly TextEdit[], theirs: readonly TextEdit[]): Group[] {
  const found: Group[] = []
  const waiting = [...ours.map((edit) => ({ edit, side: 'mine' as const })), ...theirs.map((edit) => ({ edit, side: 'disk' as const }))].sort(
    (a, b) => a.edit.at - b.edit.at || ends(a.edit) - ends(b.edit) || (a.side === b.side ? 0 : a.side === 'mine' ? -1 : 1),
  )
  for (const { edit, side } of waiting) {
    const one: Group = { mine: [], disk: [], start: edit.at, end: ends(edit) }
    one[side].push(edit)
    join(found, one)
  }
  // Two sides that changed the same: whole lines, which may reach into the neighbours.
  for (let at = 0; at < found.length; at++) {
    const group = found[at]
    if (!group || !isClash(base, group)) continue
    group.start = lineStart(base, group.start)
    const line = group.end > group.start && base[group.end - 1] === '\n' ? group.end : base.indexOf('\n', group.end) + 1
    group.end = line === 0 ? base.length : line
    while (swallow(found, at - 1, at)) at--
    while (swallow(found, at, at + 1));
  }
  return found
}

const ends = (edit: TextEdit) => edit.at + edit.remove

function join(found: Group[], one: Group): void {
  const last = found.at(-1)
  const isOtherSide = last && ((one.mine.length > 0 && last.disk.length > 0) || (one.disk.length > 0 && last.mine.length > 0))
  const samePlace = last && last.start === last.end && one.start === one.end && last.start === one.start
  if (last && isOtherSide && (one.start < last.end || samePlace)) {
    last.mine.push(...one.mine)
    last.disk.push(...one.disk)
    last.end = Math.max(last.end, one.end)
  } else found.push(one)
}

/** The two neighbours become one when they touch. @returns whether they did */
function swallow(found: Group[], left: number, right: number): boolean {
  const [a, b] = [found[left], found[right]]
  if (!a || !b || a.end < b.start || (a.end === b.start && a.start !== a.end && b.start !== b.end && !hasBoth(a) && !hasBoth(b))) return false
  // What begins where the lines end is beyond them.
  if (a.end === b.start && hasBoth(a) && !hasBoth(b)) return false
  if (a.end === b.start && hasBoth(b) && !hasBoth(a) && a.start !== a.end) return false
  found.splice(left, 2, {
    mine: [...a.mine, ...b.mine],
    disk: [...a.disk, ...b.disk],
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
  })
  return true
}

const hasBoth = ({ mine, disk }: Sides) => mine.length > 0 && disk.length > 0

function isClash(base: string, group: Group): boolean {
  if (!hasBoth(group) || group.start === group.end) return false
  if (group.mine.every(isRemoval) && group.disk.every(isRemoval)) return false
  return blockOf(base, group.mine, group.start, group.end) !== blockOf(base, group.disk, group.start, group.end)
}
