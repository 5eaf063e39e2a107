import { expect, test } from 'vitest'
import { createWords, firstText, wordsOf, wrongWords } from './words.ts'

test('words are found also where a blank between two was taken away', () => {
  expect(wordsOf('start a0x1m0x2\nend ')).toEqual(['start', 'a0x1', 'm0x2', 'end'])
})

test.each<[string, string, { must: string[]; twice?: string[] }, [string, number][]]>([
  ['all are there', 'a0x1 m0x2', { must: ['a0x1', 'm0x2'] }, []],
  ['one is not', 'a0x1', { must: ['a0x1', 'm0x2'] }, [['m0x2', 0]]],
  ['a longer one is another', 'a0x12', { must: ['a0x1'] }, [['a0x1', 0]]],
  ['one came twice', 'a0x1 a0x1', { must: ['a0x1'] }, [['a0x1', 2]]],
  ['one came twice in a conflict', 'a0x1 a0x1', { must: ['a0x1'], twice: ['a0x1'] }, []],
  ['what nobody asks for', 'm0x2 m0x2', { must: [] }, []],
])('%s', (_what, text, { must, twice = [] }, wrong) => {
  expect(wrongWords(text, new Set(must), new Set(twice)).map(({ word, count }) => [word, count])).toEqual(wrong)
})

test('a word must be there from when it is written until it is removed', () => {
  const words = createWords('d0/f3.txt', () => 0)
  const { word, piece } = words.makeNew('a')
  expect([word, piece]).toEqual(['a3x1', 'a3x1\n'])
  expect(words.wrongIn('')).toEqual([])
  words.demand(word)
  expect(words.wrongIn('')).toEqual([{ word, count: 0 }])
  expect(words.takeAway(`${piece}${firstText}`)).toEqual({ word, at: 0 })
  expect(words.wrongIn('')).toEqual([])
  expect(words.steps).toHaveLength(2)
})
