import { expect, test } from 'vitest'
import { createEventRing } from './event-ring.ts'
import type { SentEvent } from './events.ts'

const sent = (n: number, chars = 0) => ({ id: `${n}`, event: { type: 'text', text: '.'.repeat(chars) } }) as unknown as SentEvent

function ringOf(count: number, chars = 0) {
  const ring = createEventRing(10)
  for (let n = 11; n <= 10 + count; n++) ring.add(n, sent(n, chars))
  return ring
}

test.each<[string, ReturnType<typeof createEventRing>, { after: number; reaches: boolean; first: string | undefined; count: number }]>([
  ['nothing has come', ringOf(0), { after: 10, reaches: true, first: undefined, count: 0 }],
  ['what came before it', ringOf(3), { after: 9, reaches: false, first: '11', count: 3 }],
  ['all', ringOf(3), { after: 10, reaches: true, first: '11', count: 3 }],
  ['the last ones', ringOf(3), { after: 12, reaches: true, first: '13', count: 1 }],
  ['more than it holds: the first has left', ringOf(2_001), { after: 10, reaches: false, first: '12', count: 2_000 }],
  ['more than it holds, after the first', ringOf(2_001), { after: 11, reaches: true, first: '12', count: 2_000 }],
  ['long ones: the first have left', ringOf(3, 400_000), { after: 11, reaches: true, first: '12', count: 2 }],
  ['one that is too long stays', ringOf(2, 2_000_000), { after: 11, reaches: true, first: '12', count: 1 }],
])('%s', (_what, ring, { after, reaches, first, count }) => {
  const events = ring.after(after)
  expect({ reaches: ring.reaches(after), first: events[0]?.id, count: events.length }).toEqual({ reaches, first, count })
})
