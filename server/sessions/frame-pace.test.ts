import { expect, test } from 'vitest'
import { createFramePace, frameBounds } from './frame-pace.ts'

const { shortest, longest } = frameBounds

test('few readers of a process with time to spare get the shortest frames', () => {
  const pace = createFramePace()
  expect([0, 1, 20, 50].map((readers) => pace.frameMs(readers))).toEqual([shortest, shortest, shortest, shortest])
  pace.took(2)
  expect(pace.frameMs(1)).toBe(shortest)
})

test('frames grow with the readers, up to the longest', () => {
  const pace = createFramePace()
  const frames = [50, 60, 75, 100, 1_000].map((readers) => pace.frameMs(readers))
  expect(frames).toEqual(frames.toSorted((a, b) => a - b))
  expect(frames[1]).toBeGreaterThan(shortest)
  expect(frames.at(-1)).toBe(longest)
})

test('they grow at once when sending takes long, and come back after a while', () => {
  const pace = createFramePace()
  pace.took(40)
  expect(pace.frameMs(1)).toBe(longest)
  pace.took(1)
  expect(pace.frameMs(1)).toBe(longest)
  for (let n = 0; n < 20; n++) pace.took(1)
  expect(pace.frameMs(1)).toBe(shortest)
})
