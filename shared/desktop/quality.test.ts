import { expect, test } from 'vitest'
import { createQuality } from './quality.ts'

test('quality drops at once when answers are late, and comes back when they stay quick', () => {
  const follow = createQuality()
  expect(follow(200)).toBeUndefined()
  expect(follow(900)).toBe(1)
  expect(follow(900)).toBeUndefined()
  expect([follow(50), follow(50), follow(50)]).toEqual([undefined, undefined, 8])
  // One quick answer between slow ones changes nothing.
  expect([follow(400), follow(50), follow(400), follow(50)]).toEqual([3, undefined, undefined, undefined])
})
