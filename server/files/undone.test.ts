import { expect, test } from 'vitest'
import { diffText } from './text-edits.ts'
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
  ['what is removed is older than what was written', 'a old\nb\n', 'a old\nb new\n', 'a\nb new\n', []],
])('%s', (_, older, before, found, wanted) => {
  expect(undone(older, before, found)).toEqual(wanted)
})
