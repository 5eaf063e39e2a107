import type { MergeBase } from './merge-bases.ts'
import { costOf, diffText } from '../base/text-edits.ts'

/**
 * The merge base of what was found on the disk: of the last text, and those that a slow program may have read before it, the one that it
 * differs from least. A text is ruled out when `found` holds words that came into a later one: a program that removes what was just written
 * must not be taken for one that never saw it. A text that is put back exactly as it was has the last one as its base, so that nothing of
 * what it undoes comes back.
 * @param base what both sides had last
 * @param others other texts that they had, in any order
 */
export function originOf(found: string, base: MergeBase | undefined, others: readonly MergeBase[]): MergeBase | undefined {
  if (base && others.some(({ text }) => text === found)) return base
  const inOrder = [...others, ...(base ? [base] : [])].sort((a, b) => a.n - b.n)
  let oldest = inOrder.length - 1
  while (oldest > 0 && !holdsNews(found, inOrder[oldest - 1]?.text ?? '', inOrder[oldest]?.text ?? '')) oldest--
  let best: MergeBase | undefined
  let cost = Number.POSITIVE_INFINITY
  for (const candidate of [base, ...inOrder.slice(oldest).reverse()]) {
    if (!candidate || cost === 0 || (candidate === base && inOrder.indexOf(candidate) < oldest)) continue
    const its = costOf(diffText(candidate.text, found))
    if (its < cost) [best, cost] = [candidate, its]
  }
  return best
}

/**
 * Whether whoever made `found` has read `newer`: it holds at least half of the words that `newer` brought, or those are at least half of
 * the words that it brought itself. One common word may be chance.
 */
export function holdsNews(found: string, older: string, newer: string): boolean {
  const news = wordsBrought(older, newer)
  const held = news.filter((word) => isInWords(found, word)).length
  return held > 0 && (held * 2 >= news.length || held * 2 >= wordsBrought(older, found).length)
}

/** Words of a text that were not in the one before. */
function wordsBrought(before: string, after: string): string[] {
  const brought = new Set(diffText(before, after).flatMap(({ insert }) => wordsOf(insert)))
  return [...brought].filter((word) => !isInWords(before, word))
}

const word = /[\p{L}\p{N}_]+/gu
const wordsOf = (text: string) => text.match(word) ?? []

/** Whether a word stands in a text as one. */
export function isInWords(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (!isWord(text[at - 1]) && !isWord(text[at + wanted.length])) return true
  return false
}

const isWord = (unit: string | undefined) => unit !== undefined && /[\p{L}\p{N}_]/u.test(unit)
