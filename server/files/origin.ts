import type { MergeBase } from './merge-bases.ts'
import { costOf, diffText } from '../base/text-edits.ts'

/**
 * The text from which what was found on the disk came: what it differs from least, among the last one and those that a slow program
 * may have read before it. One is out of the question when `found` holds what came into a later one: who removes what was
 * just written must not be taken for somebody who never saw it. Who puts a text back exactly as it was wants it so: then nothing of the others'
 * is to come back, and it came from the last one.
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
 * Whether whoever made `found` has seen what `newer` brought: it has at least half of those words, or some of them and hardly any that are its own.
 * A word that two write at the same moment by chance stands among others.
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
