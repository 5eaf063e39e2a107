import { expect, test, vi } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import type { ModelMessage } from '../../models/port.ts'
import { withAttached } from './attached-pictures.ts'

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
const says = (text: string, ...files: string[]): ModelMessage => ({ role: 'user', by: { name: 'Ada' }, text, files: files as FilePath[] })

test('a model that sees is shown what was attached', async () => {
  const [message] = await withAttached([says('Look', 'a.png', 'notes.md')], { sees: true, read: async () => png })
  expect(message).toMatchObject({ text: 'Look', pictures: [{ mime: 'image/png', data: Buffer.from(png).toString('base64') }] })
})

test('one that does not, or of which it is not known, is told in words, and no file is read', async () => {
  const read = vi.fn<() => Promise<Uint8Array>>()
  const [message] = await withAttached([says('Look', 'a.png')], { sees: false, read })
  expect(message).toEqual({ ...says('Look', 'a.png'), text: 'Look\n[The attached picture a.png is not shown: this model cannot see pictures.]' })
  expect(read).not.toHaveBeenCalled()
})

test('what is gone, or only called a picture, is named and not sent', async () => {
  const read = async (path: string) => {
    if (path === 'gone.png') throw new Error('gone')
    return new TextEncoder().encode('<html>')
  }
  const [message] = await withAttached([says('Look', 'gone.png', 'page.png')], { sees: true, read })
  expect(message).not.toHaveProperty('pictures')
  expect(message?.role === 'user' && message.text).toContain('gone.png is not shown: it is too large, or gone.')
  expect(message?.role === 'user' && message.text).toContain('page.png is not shown: it is not a PNG')
})

test('of many pictures the newest are sent', async () => {
  const messages = Array.from({ length: 10 }, (_, at) => says(`${at}`, `${at}.png`))
  const told = await withAttached(messages, { sees: true, read: async () => png })
  expect(told.map((message) => 'pictures' in message)).toEqual([false, false, ...Array.from({ length: 8 }, () => true)])
  expect(told[0]).toMatchObject({ text: '0\n[The attached picture 0.png is not shown: newer pictures are shown instead.]' })
})

test('pictures have at most so many bytes together', async () => {
  const large = new Uint8Array(4 * 1024 * 1024)
  large.set(png)
  const read = async (_: string, maxBytes: number) => {
    if (large.length > maxBytes) throw new Error('too large')
    return large
  }
  const told = await withAttached([says('four', '1.png', '2.png', '3.png', '4.png')], { sees: true, read })
  expect(told[0]).toMatchObject({ pictures: { length: 3 } })
})
