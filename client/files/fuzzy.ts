/** A candidate that a typed text fits, the better the higher. `at` are the offsets of the letters that fit, for showing them. */
export type Fit = { path: string; score: number; at: number[] }

const isBreak = (before: string) => before === '/' || before === '-' || before === '_' || before === '.' || before === ' '

/** How well letters in order fit a path: undefined when they do not. Letters of the name, at word starts and in a row count most. */
export function fit(path: string, typed: string): Fit | undefined {
  const wanted = typed.toLowerCase().replaceAll(/\s+/g, '')
  if (wanted === '') return { path, score: 0, at: [] }
  const lower = path.toLowerCase()
  const name = path.lastIndexOf('/') + 1
  // The last part of the path is what people mean, so letters are sought from the end.
  const whole = lower.indexOf(wanted, name)
  if (whole >= 0) {
    const at = Array.from(wanted, (_, i) => whole + i)
    const exact = lower.length - name === wanted.length ? 200 : 0
    return { path, at, score: 1000 + exact + (whole === name ? 300 : isBreak(lower[whole - 1] ?? '') ? 150 : 0) - path.length * 0.5 }
  }
  const at: number[] = []
  let from = lower.length - 1
  for (let i = wanted.length - 1; i >= 0; i -= 1) {
    const found = lower.lastIndexOf(wanted[i] ?? '', from)
    if (found < 0) return undefined
    at.unshift(found)
    from = found - 1
  }
  let score = 0
  at.forEach((offset, i) => {
    const before = path[offset - 1] ?? '/'
    const here = path[offset] ?? ''
    if (offset >= name) score += 12
    if (isBreak(before)) score += 20
    else if (here !== here.toLowerCase() && before === before.toLowerCase()) score += 16
    if (i > 0 && at[i - 1] === offset - 1) score += 18
  })
  return { path, score: score - path.length * 0.5, at }
}

/** The best fits, best first. */
export function bestFits(paths: readonly string[], typed: string, most = 50): Fit[] {
  const fits: Fit[] = []
  for (const path of paths) {
    const found = fit(path, typed)
    if (found) fits.push(found)
  }
  return fits.sort((a, b) => b.score - a.score || a.path.length - b.path.length || (a.path < b.path ? -1 : 1)).slice(0, most)
}
