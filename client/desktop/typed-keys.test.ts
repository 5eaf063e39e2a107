import { expect, test } from 'vitest'
import { characterKey, keysBetween, namedKey } from './typed-keys.ts'

const backspace = 0xff08

test('what is typed at the end becomes its keys, what is gone is taken back', () => {
  expect(keysBetween('__', '__ls')).toEqual([0x6c, 0x73])
  expect(keysBetween('__ls', '__l')).toEqual([backspace])
  // A word that the keyboard put right.
  expect(keysBetween('__teh', '__the ')).toEqual([backspace, backspace, 0x68, 0x65, 0x20])
  expect(keysBetween('__ni', '__你')).toEqual([backspace, backspace, 0x1004f60])
  expect(keysBetween('__', '__')).toEqual([])
})

test('characters outside of Latin-1 are keys by their code point, a line break is Return', () => {
  expect(Array.from('aé€😀\n\t', characterKey)).toEqual([0x61, 0xe9, 0x10020ac, 0x101f600, 0xff0d, 0xff09])
})

test('keys that do something have names, others do not', () => {
  expect([namedKey('Enter'), namedKey('F12'), namedKey('a'), namedKey('Unidentified'), namedKey('toString')]).toEqual([
    0xff0d,
    0xffc9,
    undefined,
    undefined,
    undefined,
  ])
})
