import { expect, test } from 'vitest'
import { generator, pick } from '../testing/chance.ts'
import { diffText } from '../base/text-edits.ts'
import { undoneBy } from './undone.ts'

/** The passages as they were and as they are now. */
function undone(older: string, before: string, found: string) {
  return undoneBy(diffText(before, found), { before, older, found }).map(({ mine, disk }) => [
    before.slice(mine.start, mine.end),
    found.slice(disk.start, disk.end),
  ])
}

test.each<[string, string, string, string, [string, string][]]>([
  ['a line is put back', 'one\ntwo\n', 'one\ntwo more\n', 'one\ntwo\n', [['two more\n', 'two\n']]],
  ['a new line is gone', 'one\ntwo\n', 'one\nnew\ntwo\n', 'one\ntwo\n', [['new\n', '']]],
  ['the last line is gone', 'one\n', 'one\nlast', 'one\n', [['last', '']]],
  [
    'two places are put back',
    'a\nb\nc\nd\n',
    'a 1\nb\nc\nd 2\n',
    'a\nb\nc\nd\n',
    [
      ['a 1\n', 'a\n'],
      ['d 2\n', 'd\n'],
    ],
  ],
  ['two places of one line are one passage', 'a b c d e\n', 'a 1 b c d 2 e\n', 'a b c d e\n', [['a 1 b c d 2 e\n', 'a b c d e\n']]],
  ['an edit before it in the line is no loss', 'x one two\n', 'x one two NEW\n', 'xlong one two\n', [['x one two NEW\n', 'xlong one two\n']]],
  ['signs alone are put back', 'x 1\n', 'x = 1\n', 'x 1\n', [['x = 1\n', 'x 1\n']]],
  ['blanks alone are no loss', 'x 1\n', 'x   1\n', 'x 1\n', []],
  ['an older state than the one known', 'a\nb\n', 'a\nb new\n', 'a\n', [['b new\n', '']]],
  ['a program that takes out a word', 'a\n', 'a word here\n', 'a here\n', [['a word here\n', 'a here\n']]],
  ['a formatter changes signs', 'a\n', "a\nlet b='word'\n", 'a\nlet b = "word"\n', []],
  ['a formatter moves what was written', 'a\nb\n', 'new x\na\nb\n', 'a\nb\nnew x\n', []],
  ['the line before it is joined with it', 'one\ntwo\n', 'one\ntwo new\n', 'onetwo\n', [['one\ntwo new\n', 'onetwo\n']]],
  ['its line is joined with the next', 'one\ntwo\n', 'one new\ntwo\n', 'onetwo\n', [['one new\ntwo\n', 'onetwo\n']]],
  ['what is removed is older than what was written', 'a old\nb\n', 'a old\nb new\n', 'a\nb new\n', []],
])('%s', (_, older, before, found, wanted) => {
  expect(undone(older, before, found)).toEqual(wanted)
})

test('a passage is of whole lines, before and after, and what is brought back cuts no other', () => {
  const random = generator(20_261_130)
  const signs = ['a', 'b', 'cd', ' ', '\n', '\n']
  const text = () => Array.from({ length: 1 + Math.floor(random() * 12) }, () => pick(signs, random)).join('')
  let passages = 0
  for (let turn = 0; turn < 20_000; turn++) {
    const [older, before, found] = [text(), text(), text()]
    const all = undoneBy(diffText(before, found), { before, older, found })
    let restored = found
    for (const { mine, disk } of all.toReversed()) {
      const told = JSON.stringify({ older, before, found, mine, disk })
      for (const at of [mine.start, mine.end]) expect(isLineBreak(before, at), told).toBe(true)
      for (const at of [disk.start, disk.end]) expect(isLineBreak(found, at), told).toBe(true)
      restored = restored.slice(0, disk.start) + before.slice(mine.start, mine.end) + restored.slice(disk.end)
      passages++
    }
    const disks = all.flatMap(({ disk }) => [disk.start, disk.end])
    expect(disks).toEqual(disks.toSorted((one, other) => one - other))
    for (const { mine } of all) expect(restored).toContain(before.slice(mine.start, mine.end))
  }
  expect(passages).toBeGreaterThan(5_000)
})

const isLineBreak = (text: string, at: number) => at === 0 || at === text.length || text[at - 1] === '\n'
