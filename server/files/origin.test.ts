import { expect, test } from 'vitest'
import { originOf } from './origin.ts'

/** Texts that both sides had, one after the other; the last is what they had last. */
const had = (...texts: string[]) => texts.map((text, at) => ({ n: at + 1, text, hash: String(at), from: 'document' as const }))

test.each([
  ['a program that read the file before the last edit', ['a b\n', 'a b typed\n'], 'a b formatted\n', 0],
  ['one that read it two edits ago', ['a b\n', 'a b one\n', 'a b one two\n'], 'a  b\n', 0],
  ['one that saw the last edit', ['a b\n', 'a b typed\n'], 'a typed\n', 1],
  ['one that removed what was written a moment ago, and left what came last', ['a\n', 'm7 a\n', 'm7 a m8\n', 'm7 a m8 g9\n'], ' a  g9\n', 3],
  ['one that writes a line in which a word is that is typed as well', ['a b\n', 'a b and so on\n'], 'salt on the table\na b\n', 0],
  ['one that kept one word of those that came last, and wrote none', ['a b\n', 'a b and so on\n'], 'a b and\n', 1],
  [
    'one that removed three of the four words that came last',
    ['\n\nend\na\n', 'ash\n\nbirch\n\nend\ncedar\na\noak\n'],
    '\n\nbirch\n\nend\n\na\n\n',
    1,
  ],
  ['one that rewrote everything', ['a b\n', 'a b typed\n'], 'something else\n', 0],
  ['one that put back what was there before', ['a b\n', 'a b typed\n'], 'a b\n', 1],
  ['one that put back what was there before that', ['a b\n', 'a b typed\n', 'a b typed more\n'], 'a b\n', 2],
  ['nobody: it is what it was', ['a b\n', 'a b typed\n'], 'a b typed\n', 1],
])('what is found comes from %s', (_, texts, found, wanted) => {
  const all = had(...texts)
  expect(originOf(found, all.at(-1), all.slice(0, -1))).toBe(all[wanted])
})

test('without a text in common there is none', () => {
  expect(originOf('anything', undefined, [])).toBeUndefined()
})
