import { limits } from './limits.ts'

/*
 * What one connection makes of edits whose predecessors are missing. Such an edit is dropped, and all that the document does not have
 * is asked for; until a whole answer was taken, no mark of the sender's is answered, because what it stands for may be missing. Pure.
 */

/** `count`: edits dropped since a whole answer was taken. `marks`: those that wait for one. */
export type Gaps = { readonly count: number; readonly marks: readonly number[] }

export const noGaps: Gaps = { count: 0, marks: [] }

const mostMarks = 1_000

/** `close`: it has been asked too often. */
export type GapStep = { gaps: Gaps; next: 'nothing' | 'ask' | 'close'; answer: readonly number[] }

/** An edit was dropped because something before it is missing. */
export function dropEdit({ count, marks }: Gaps): GapStep {
  return { gaps: { count: count + 1, marks }, next: count + 1 > limits.gaps ? 'close' : 'ask', answer: [] }
}

/** An edit was taken. @param isWhole it was an answer with all that the document did not have; an update alone says nothing about what was dropped */
export function takeEdit(gaps: Gaps, isWhole: boolean): GapStep {
  if (gaps.count === 0 || !isWhole) return { gaps, next: 'nothing', answer: [] }
  return { gaps: noGaps, next: 'nothing', answer: gaps.marks }
}

/** The sender asks to hear when all that it has sent is durable. */
export function takeMark(gaps: Gaps, mark: number): GapStep {
  if (gaps.count === 0) return { gaps, next: 'nothing', answer: [mark] }
  return { gaps: gaps.marks.length < mostMarks ? { ...gaps, marks: [...gaps.marks, mark] } : gaps, next: 'nothing', answer: [] }
}
