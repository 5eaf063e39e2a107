import { expect, test } from 'vitest'
import { deliveryTimes, percentile } from './figures.ts'

test('a percentile is one of the samples', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(percentile([1, 2], 0.99)).toBe(2)
  expect(percentile([], 0.5)).toBeNaN()
})

test('deltas that arrive together each count from when they were sent', () => {
  const sentAt = Float64Array.from([0, 10, 20, 30])
  expect(deliveryTimes(sentAt, Float64Array.from([15, 5, 40, 20]), 5)).toEqual([15, 30, 20, 10])
})
