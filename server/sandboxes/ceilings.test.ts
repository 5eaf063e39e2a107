import { totalmem } from 'node:os'
import { expect, test } from 'vitest'
import { memoryHere } from './ceilings.ts'

test('a container has less than its machine, and what says it is unbounded has the machine’s', () => {
  expect(memoryHere(512 * 2 ** 20)).toBe(512 * 2 ** 20)
  for (const unbounded of [0, 2 ** 63, Number.MAX_SAFE_INTEGER]) expect(memoryHere(unbounded)).toBe(totalmem())
})
