import { diffLines } from 'diff/lib/diff/line.js'

export type NumberedLine =
  | { sign: '+' | '-' | ' '; text: string; before: number | undefined; after: number | undefined }
  | { sign: '…'; count: number }

/** Lines that left and came, with their numbers before and after; what stayed is folded but for `context` lines around a change. */
export function numberedDiff(before: string, after: string, context = 4): NumberedLine[] {
  const lines: Exclude<NumberedLine, { sign: '…' }>[] = []
  let [old, now] = [1, 1]
  for (const part of diffLines(before, after)) {
    const texts = part.value.replace(/\n$/, '').split('\n')
    for (const text of texts) {
      if (part.removed) lines.push({ sign: '-', text, before: old++, after: undefined })
      else if (part.added) lines.push({ sign: '+', text, before: undefined, after: now++ })
      else lines.push({ sign: ' ', text, before: old++, after: now++ })
    }
  }
  const near = new Uint8Array(lines.length)
  lines.forEach((line, i) => {
    if (line.sign !== ' ') near.fill(1, Math.max(0, i - context), i + context + 1)
  })
  const shown: NumberedLine[] = []
  lines.forEach((line, i) => {
    if (near[i]) return shown.push(line)
    const last = shown.at(-1)
    if (last?.sign === '…') last.count += 1
    else shown.push({ sign: '…', count: 1 })
    return undefined
  })
  return shown
}
