import { expect, test } from 'vitest'
import { cutAfter, cutBefore } from './cut.ts'

const text = 'a😎b🐈c'

test('no text is cut in a character', () => {
  expect(Array.from({ length: 9 }, (_, most) => cutAfter(text, most))).toEqual(['', 'a', 'a', 'a😎', 'a😎b', 'a😎b', 'a😎b🐈', text, text])
  expect(Array.from({ length: 9 }, (_, most) => cutBefore(text, most))).toEqual(['', 'c', 'c', '🐈c', 'b🐈c', 'b🐈c', '😎b🐈c', text, text])
})
