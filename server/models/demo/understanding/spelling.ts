/** A word without its ending: "plots", "plotted" and "plotting" are one. Crude, and the same on both sides of a comparison. */
export function stem(word: string): string {
  if (word.length < 4) return word
  const bare = word.replace(/(?:ies)$/, 'y').replace(/(?:'s|ing|ed|es|s|e)$/, '')
  const short = bare.replace(/([bdgklmnprt])\1$/, '$1')
  return short.length >= 3 ? short : word
}

/** Whether `typed` is `meant` with one slip: a letter too few or too many, two swapped, or, in a longer word, another one. */
export function isSlip(typed: string, meant: string): boolean {
  if (meant.length < 5 || typed.length < 4 || typed[0] !== meant[0]) return isSwap(typed, meant) && meant.length >= 4
  if (Math.abs(typed.length - meant.length) > 1) return false
  if (typed.length === meant.length)
    return isSwap(typed, meant) || (meant.length >= 7 && Array.from(typed).filter((letter, at) => letter !== meant[at]).length === 1)
  const [longer, shorter] = typed.length > meant.length ? [typed, meant] : [meant, typed]
  const at = Array.from(shorter).findIndex((letter, index) => letter !== longer[index])
  return at < 0 || shorter.slice(at) === longer.slice(at + 1)
}

function isSwap(typed: string, meant: string): boolean {
  if (typed.length !== meant.length) return false
  const at = Array.from(typed).findIndex((letter, index) => letter !== meant[index])
  if (at < 0) return false
  return typed[at] === meant[at + 1] && typed[at + 1] === meant[at] && typed.slice(at + 2) === meant.slice(at + 2)
}
