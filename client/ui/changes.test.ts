import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'
import { diffOf } from './code-lines.tsx'

test('what stayed, left and came, in order', () => {
  expect(changesOf(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([
    { kind: 'same', parts: ['a'] },
    { kind: 'removed', parts: ['b'] },
    { kind: 'added', parts: ['x'] },
    { kind: 'same', parts: ['c', 'd'] },
    { kind: 'added', parts: ['e'] },
  ])
  expect(changesOf([], [])).toEqual([])
})

test('either text is what is left without the other', () => {
  const before = Array.from({ length: 300 }, (_, i) => `${(i * 7919) % 97}`)
  const after = before.flatMap((one, i) => (i % 5 === 0 ? [] : i % 7 === 0 ? [one, 'new'] : [one]))
  const parts = changesOf(before, after)
  const without = (kind: string) => parts.filter((part) => part.kind !== kind).flatMap((part) => part.parts)
  expect(without('added')).toEqual(before)
  expect(without('removed')).toEqual(after)
})

test('two long texts with nothing in common are one replaced by the other, at once', () => {
  const parts = changesOf(
    Array.from({ length: 20_000 }, (_, i) => `a${i}`),
    Array.from({ length: 20_000 }, (_, i) => `b${i}`),
  )
  expect(parts.map((part) => [part.kind, part.parts.length])).toEqual([
    ['removed', 20_000],
    ['added', 20_000],
  ])
})

test('a change of lines shows with the lines around it; a file that begins has only new ones', () => {
  expect(diffOf('1\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\nfive\n6\n', 1)).toEqual([
    { sign: ' ', text: '4' },
    { sign: '-', text: '5' },
    { sign: '+', text: 'five' },
    { sign: ' ', text: '6' },
  ])
  expect(diffOf('', 'a\n\n')).toEqual([
    { sign: '+', text: 'a' },
    { sign: '+', text: '' },
  ])
})
