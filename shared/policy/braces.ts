/** More than this is not written out: what it comes to then counts as unknown. */
const most = 64

/**
 * The words that bash makes of one with braces: `a{b,c}` → `ab`, `ac`; of a sequence (`{1..9}`) its two ends. Of text without
 * quotes and expansions only. Undefined when they are too many.
 */
export function expandBraces(text: string): string[] | undefined {
  let words = [text]
  for (let round = 0; round < most; round += 1) {
    const at = words.findIndex((word) => findBraces(word) !== undefined)
    if (at < 0) return words
    const word = words[at] ?? ''
    const found = findBraces(word)
    if (!found) return words
    const made = found.choices.map((choice) => `${word.slice(0, found.from)}${choice}${word.slice(found.to)}`)
    words = [...words.slice(0, at), ...made, ...words.slice(at + 1)]
    if (words.length > most) return undefined
  }
  return undefined
}

/** The first innermost pair of braces that stands for several words. */
function findBraces(word: string): { from: number; to: number; choices: string[] } | undefined {
  for (const match of word.matchAll(/\{([^{}]*)\}/g)) {
    const inside = match[1] ?? ''
    const sequence = /^(-?\w+)\.\.(-?\w+)(\.\.-?\d+)?$/.exec(inside)
    const choices = sequence ? [sequence[1] ?? '', sequence[2] ?? ''] : inside.split(',')
    if (choices.length > 1) return { from: match.index, to: match.index + match[0].length, choices }
  }
  return undefined
}
