const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** `old` must occur once in the text: `times` says how many occurrences of what was asked for lie in it. */
export type Passage = { old: string; now: string; times: number }

/**
 * All occurrences as one passage that is found once: from the first to the last of them. In any case of letters, which the
 * replacement keeps (Tides → Waves); whole words where there are any, else parts of words.
 */
export function replaceAll(text: string, old: string, now: string): Passage | undefined {
  const anywhere = new RegExp(escape(old), 'giu')
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_])${escape(old)}(?![\\p{L}\\p{N}_])`, 'giu')
  const pattern = text.search(whole) >= 0 ? whole : anywhere
  const found = [...text.matchAll(pattern)]
  const [first, last] = [found[0], found.at(-1)]
  if (!first || !last) return undefined
  const passage = text.slice(first.index, last.index + last[0].length)
  return { old: passage, now: passage.replace(pattern, (match) => inCaseOf(match, old, now)), times: found.length }
}

function inCaseOf(match: string, old: string, now: string): string {
  if (match === old || now === '') return now
  if (match.length > 1 && match === match.toUpperCase() && match !== match.toLowerCase()) return now.toUpperCase()
  const first = match.charAt(0)
  return first === first.toLowerCase() ? `${now.charAt(0).toLowerCase()}${now.slice(1)}` : `${now.charAt(0).toUpperCase()}${now.slice(1)}`
}
