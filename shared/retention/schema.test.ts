import { expect, test } from 'vitest'
import { effectiveDays, RetentionDays } from './schema.ts'

test.each([
  { chosen: null, max: null, holds: null },
  { chosen: 30, max: null, holds: 30 },
  { chosen: null, max: 90, holds: 90 },
  { chosen: 30, max: 90, holds: 30 },
  { chosen: 365, max: 90, holds: 90 },
  { chosen: 90, max: 90, holds: 90 },
])('of $chosen days under a maximum of $max, $holds hold', ({ chosen, max, holds }) => {
  expect(effectiveDays(chosen, max)).toBe(holds)
})

test.each([0, -7, 1.5, 3651, Number.NaN, '30', undefined])('%s is no number of days', (days) => {
  expect(RetentionDays.safeParse(days).success).toBe(false)
})
