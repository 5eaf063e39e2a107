/** noVNC's levels of quality, 0 to 9: what is asked for when answers take this long, ms. */
const levels = [
  { below: 120, quality: 8 },
  { below: 300, quality: 6 },
  { below: 700, quality: 3 },
  { below: Number.POSITIVE_INFINITY, quality: 1 },
] as const

/** How many answers in a row have to agree before pictures get better; worse they get at once. */
const patience = 3

/** Quality follows the network: told how long answers take, it says which quality to ask for, when that changes. */
export function createQuality(first = 6) {
  let current: number = first
  let better = 0
  return (lagMs: number): number | undefined => {
    const wanted = levels.find(({ below }) => lagMs < below)?.quality ?? 1
    if (wanted > current && ++better < patience) return undefined
    if (wanted <= current) better = 0
    if (wanted === current) return undefined
    better = 0
    return (current = wanted)
  }
}
