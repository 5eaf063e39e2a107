import { expect, test } from 'vitest'
import { answer } from './answer.ts'
import { sizeOf } from './pictures.ts'
import { WireRequest } from './wire.ts'

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(26)
  bytes.write('\x89PNG\r\n\x1a\n', 'latin1')
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}
const part = (bytes: Buffer) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${bytes.toString('base64')}` } })
const ask = (text: string, ...pictures: Buffer[]) => {
  const content = [{ type: 'text', text }, ...pictures.map(part)]
  return answer(WireRequest.parse({ model: 'atrium-demo', messages: [{ role: 'user', content }] })).reply.text
}

test('it says what it is shown, and how large that is', () => {
  expect(ask('Ada: What do you make of this?', png(640, 480))).toBe('I see a PNG picture of 640 × 480 pixels.')
  expect(ask('Ada: 这是什么？', png(640, 480), png(2, 3))).toBe('我看到一张 640 × 480 像素的 PNG 图片和一张 2 × 3 像素的 PNG 图片。')
  expect(ask('Ada: Hello!', png(1, 1))).toMatch(/^I see a PNG picture of 1 × 1 pixels\. Hello, Ada!/)
  expect(ask('Ada: Hello!')).not.toContain('I see')
})

test('sizes are read from the heads of files', () => {
  expect(sizeOf(Buffer.from('GIF89a\x0a\x00\x14\x00', 'latin1'))).toEqual({ kind: 'GIF', width: 10, height: 20 })
  const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 10, 3, 0, 0, 0, 0]
  expect(sizeOf(Buffer.from(jpeg))).toEqual({ kind: 'JPEG', width: 10, height: 20 })
  const webp = Buffer.concat([Buffer.from('RIFF....WEBPVP8X........'), Buffer.from([9, 0, 0, 19, 0, 0])])
  expect(sizeOf(webp)).toEqual({ kind: 'WebP', width: 10, height: 20 })
  for (const broken of ['', 'GIF8', '\xff\xd8\xff', 'RIFF....WEBPVP8L', 'hello']) sizeOf(Buffer.from(broken, 'latin1'))
})
