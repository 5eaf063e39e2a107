import type { Approval } from '#shared/approvals/schema.ts'
import type { Risk } from '#shared/policy/reason.ts'

/** A stretch of an argument; `risk` where a reason means it. */
export type Marked = { text: string; risk?: 'medium' | 'high' }

/** The argument that is judged: reasons point into it. */
const judged = ['command', 'code']

const rank: Record<Risk, number> = { low: 0, medium: 1, high: 2 }

/**
 * An argument with the parts that are of the call's own risk marked, as long as the call is not harmless. Joined it is the text. Where the whole
 * text is meant nothing is marked: there is nothing to tell it from.
 */
export function marksOf({ reasons = [], risk }: Approval, field: string, text: string): Marked[] {
  if (risk === 'low' || !judged.includes(field)) return [{ text }]
  const ranges = reasons
    .filter((reason) => reason.at && reason.risk === risk && reason.at.from < reason.at.to && reason.at.to <= text.length)
    .map(({ at, risk }) => ({ from: at?.from ?? 0, to: at?.to ?? 0, rank: rank[risk] }))
    .toSorted((a, b) => a.from - b.from)
  if (ranges.some(({ from, to }) => text.slice(from, to).trim() === text.trim())) return [{ text }]
  const found: Marked[] = []
  let at = 0
  for (const { from, to } of ranges) {
    const begin = Math.max(at, from)
    if (begin >= to) continue
    if (begin > at) found.push({ text: text.slice(at, begin) })
    found.push({ text: text.slice(begin, to), risk })
    at = to
  }
  if (at < text.length) found.push({ text: text.slice(at) })
  return found
}
