import { expect, test } from 'vitest'
import { describeChange } from './diff.ts'

const counts = (before: string, after: string) => {
  const { added, removed } = describeChange('a.txt', before, after)
  return [added, removed]
}

test('lines that came and went are counted', () => {
  expect(counts('', 'one\ntwo\n')).toEqual([2, 0])
  expect(counts('one\ntwo\n', '')).toEqual([0, 2])
  expect(counts('one\ntwo\n', 'one\ntwo\n')).toEqual([0, 0])
  expect(counts('one\ntwo\nthree\n', 'one\n2\nthree\n')).toEqual([1, 1])
  expect(counts('one\ntwo', 'one\ntwo\nthree')).toEqual([2, 1])
  expect(counts('one\n', 'one\none\n')).toEqual([1, 0])
  expect(counts('one\r\ntwo\r\n', 'one\r\n2\r\n')).toEqual([1, 1])
  expect(counts('ab\n', 'b\n')).toEqual([1, 1])
})

test('one line of a large file is one line, not all of them', () => {
  const lines = Array.from({ length: 40_000 }, (_, at) => `line ${at}, as long as a line is`)
  const before = `${lines.join('\n')}\n`
  expect(counts(before, before.replace('line 20000,', 'line twenty thousand,'))).toEqual([1, 1])
  expect(counts(before, `${before}one more\n`)).toEqual([1, 0])
})
