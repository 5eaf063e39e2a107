import { expect, test } from 'vitest'
import { generator, pick } from '../../../testing/chance.ts'
import { diskPath, plainPath, textOfName } from './names.ts'

const bytesOf = (path: string) => Buffer.from(diskPath(path) as string)
const latin = (text: string) => Buffer.from(text, 'latin1')

test.each([
  ['a name in UTF-8', Buffer.from('潮汐 é 😎'), '潮汐 é 😎'],
  ['Latin-1', latin('caf\xe9.txt'), String.raw`caf\xe9.txt`],
  ['bytes alone', latin('\xff\xfe'), String.raw`\xff\xfe`],
  ['half a sign', latin('\xe2\x82.txt'), String.raw`\xe2\x82.txt`],
  ['a slash in two bytes', latin('\xc0\xaf'), String.raw`\xc0\xaf`],
  ['half of a pair', latin('\xed\xa0\x80'), String.raw`\xed\xa0\x80`],
  ['a mixture', Buffer.concat([Buffer.from('é'), latin('\xe9'), Buffer.from('\n%\\')]), 'é\\xe9\n%\\'],
  ['the sign for what cannot be read', Buffer.from('caf\ufffd.txt'), 'caf\ufffd.txt'],
  ['an escape as signs', Buffer.from(String.raw`caf\xe9.txt`), String.raw`caf\x5cxe9.txt`],
  ['the escape of an escape as signs', Buffer.from(String.raw`\x5cxe9`), String.raw`\x5cx5cxe9`],
  ['other backslashes', Buffer.from(String.raw`C:\temp\x\x41\xE9`), String.raw`C:\temp\x\x41\xE9`],
  ['a backslash before such a byte', latin('\\\xe9 \\x\xe9 \\x8\xe9'), String.raw`\\xe9 \x\xe9 \x8\xe9`],
])('%s has one text, and is found by it', (_, bytes, text) => {
  expect(textOfName(bytes)).toBe(text)
  expect(bytesOf(text)).toEqual(Buffer.from(bytes))
})

test.each([String.raw`\xc3\xa9`, String.raw`a\x5cb`, String.raw`\x5cx41`])('%s is the text of no name', (text) => {
  expect(() => diskPath(text)).toThrow(expect.objectContaining({ code: 'EINVAL' }))
})

test('what is UTF-8 is told to what takes text alone', () => {
  expect(['a/é', String.raw`a\x5cxe9`, String.raw`a\xe9`].map(plainPath)).toEqual(['a/é', String.raw`a\xe9`, undefined])
})

test('no two names have one text', () => {
  const random = generator(7)
  const signs = [...String.raw`\\\\xxx5c89aef/é`.split(''), '€', '😎'].map((sign) => Buffer.from(sign))
  const bytes = [0x80, 0xa9, 0xc3, 0xe2, 0xe9, 0xed, 0xf0, 0xff].map((byte) => Buffer.of(byte))
  const names = Array.from({ length: 20_000 }, () =>
    Buffer.concat(Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick([...signs, ...bytes], random))),
  )
  const wrong = names.filter((name) => !textOfName(name).isWellFormed() || !bytesOf(textOfName(name)).equals(name))
  expect(wrong).toEqual([])
})
