import { expect, test } from 'vitest'
import { dropEdit, type GapStep, type Gaps, noGaps, takeEdit, takeMark } from './gap-rules.ts'
import { limits } from './limits.ts'

const one: Gaps = { count: 1, marks: [] }
const waiting: Gaps = { count: 2, marks: [7, 8] }
const most: Gaps = { count: limits.gaps, marks: [] }
const full: Gaps = { count: 1, marks: Array.from({ length: 1_000 }, (_, at) => at) }

test.each<[string, GapStep, Partial<GapStep>]>([
  ['an edit without what is before it: all is asked for', dropEdit(noGaps), { gaps: one, next: 'ask' }],
  ['another: all is asked for again', dropEdit(one), { gaps: { count: 2, marks: [] }, next: 'ask' }],
  ['too many: the sender is cut off', dropEdit(most), { next: 'close' }],
  ['marks go on waiting', dropEdit(waiting), { gaps: { count: 3, marks: [7, 8] } }],
  ['an edit where nothing is missing', takeEdit(noGaps, false), { gaps: noGaps, next: 'nothing', answer: [] }],
  ['an edit alone fills no gap', takeEdit(waiting, false), { gaps: waiting, answer: [] }],
  ['a whole answer does, and what waited is answered', takeEdit(waiting, true), { gaps: noGaps, next: 'nothing', answer: [7, 8] }],
  ['a mark where nothing is missing', takeMark(noGaps, 9), { gaps: noGaps, answer: [9] }],
  ['a mark behind a gap waits', takeMark(waiting, 9), { gaps: { count: 2, marks: [7, 8, 9] }, answer: [] }],
  ['one too many is never answered', takeMark(full, 9), { gaps: full, answer: [] }],
])('%s', (_what, step, expected) => {
  expect(step).toMatchObject(expected)
})
