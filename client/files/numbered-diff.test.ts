import { expect, test } from 'vitest'
import { numberedDiff } from './numbered-diff.ts'

const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i + 1}`)
const joined = (parts: string[]) => `${parts.join('\n')}\n`

test('a changed line keeps its numbers, and what is far from it is folded', () => {
  const before = lines(20)
  const after = before.with(9, 'line ten')
  const shown = numberedDiff(joined(before), joined(after), 1)
  expect(shown.map((line) => (line.sign === '…' ? `… ${line.count}` : `${line.sign} ${line.before ?? ''}:${line.after ?? ''} ${line.text}`))).toEqual(
    ['… 8', '  9:9 line 9', '- 10: line 10', '+ :10 line ten', '  11:11 line 11', '… 9'],
  )
})

test('lines that came move the numbers after them', () => {
  const shown = numberedDiff('a\nb\n', 'new\na\nb\n')
  expect(shown.at(-1)).toEqual({ sign: ' ', text: 'b', before: 2, after: 3 })
})

test('equal texts show nothing but that they are equal', () => {
  expect(numberedDiff('a\nb\n', 'a\nb\n')).toEqual([{ sign: '…', count: 2 }])
})
