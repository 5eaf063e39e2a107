import { expect, test } from 'vitest'
import { createSilence, patience } from './silence.ts'

function at() {
  let time = 0
  const silence = createSilence(() => time)
  return { silence, pass: (ms: number) => void (time += ms) }
}

test('who waits with edits for a server that says nothing tries another connection, less and less often', () => {
  const { silence, pass } = at()
  expect(silence.isTooLong('edits', 0)).toBe(false)
  pass(patience.edits)
  expect(silence.isTooLong('edits', 0)).toBe(true)
  expect(silence.isTooLong('edits', 0)).toBe(false)
  pass(patience.edits)
  expect(silence.isTooLong('edits', 0)).toBe(false)
  pass(patience.edits)
  expect(silence.isTooLong('edits', 0)).toBe(true)
  silence.heard()
  silence.isTooLong('edits', 0)
  pass(patience.edits)
  expect(silence.isTooLong('edits', 0)).toBe(true)
})

test('nobody waits for a server that has nothing to say', () => {
  const { silence, pass } = at()
  for (let minute = 0; minute < 5; minute++) {
    expect(silence.isTooLong(undefined, 0)).toBe(false)
    pass(60_000)
  }
  // What is written then has its own time.
  expect(silence.isTooLong('edits', 0)).toBe(false)
  pass(patience.edits - 1)
  expect(silence.isTooLong('edits', 0)).toBe(false)
})

test('what it says counts, and so does what leaves on a slow network', () => {
  const { silence, pass } = at()
  for (let left = 1_000_000; left > 0; left -= 100_000) {
    expect(silence.isTooLong('edits', left)).toBe(false)
    pass(3_000)
  }
  silence.heard()
  pass(3_000)
  expect(silence.isTooLong('edits', 0)).toBe(false)
  pass(patience.edits)
  expect(silence.isTooLong('edits', 0)).toBe(true)
})
