/** What the demo model sees of a picture: what it is, and how large. */
export type SeenPicture = { kind: string; width: number; height: number }

const word = (bytes: Buffer, at: number, read: 'readUInt16BE' | 'readUInt16LE' | 'readUInt32BE') =>
  at + (read === 'readUInt32BE' ? 4 : 2) <= bytes.length ? bytes[read](at) : 0

/** Reads the size from the head of a PNG, JPEG, GIF or WebP; undefined for anything else. */
export function sizeOf(bytes: Buffer): SeenPicture | undefined {
  const head = bytes.toString('latin1', 0, 16)
  if (head.startsWith('\x89PNG')) return { kind: 'PNG', width: word(bytes, 16, 'readUInt32BE'), height: word(bytes, 20, 'readUInt32BE') }
  if (head.startsWith('GIF8')) return { kind: 'GIF', width: word(bytes, 6, 'readUInt16LE'), height: word(bytes, 8, 'readUInt16LE') }
  if (head.startsWith('\xff\xd8')) return sizeOfJpeg(bytes)
  return head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP' ? sizeOfWebp(bytes) : undefined
}

function sizeOfJpeg(bytes: Buffer): SeenPicture | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + word(bytes, at + 2, 'readUInt16BE')) {
    const marker = bytes[at + 1] ?? 0
    // The frames that tell the size; the others of that row are tables.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { kind: 'JPEG', width: word(bytes, at + 7, 'readUInt16BE'), height: word(bytes, at + 5, 'readUInt16BE') }
  }
  return undefined
}

function sizeOfWebp(bytes: Buffer): SeenPicture | undefined {
  const form = bytes.toString('latin1', 12, 16)
  const three = (at: number) => (at + 3 <= bytes.length ? bytes.readUIntLE(at, 3) : 0)
  if (form === 'VP8X') return { kind: 'WebP', width: three(24) + 1, height: three(27) + 1 }
  if (form === 'VP8 ') return { kind: 'WebP', width: word(bytes, 26, 'readUInt16LE') & 0x3fff, height: word(bytes, 28, 'readUInt16LE') & 0x3fff }
  if (form !== 'VP8L' || bytes.length < 25) return undefined
  const bits = bytes.readUInt32LE(21)
  return { kind: 'WebP', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
}

/** How a picture stands in the text that the model reads: signs that nobody types. */
const mark = '\u2063'
const marked = new RegExp(`\\n?${mark}(\\w+) (\\d+) (\\d+)${mark}`, 'g')

/** A picture of a request as text. */
export function pictureAsText(url: string): string {
  const data = /^data:image\/[\w.+-]+;base64,(.*)$/s.exec(url)?.[1]
  const seen = data === undefined ? undefined : sizeOf(Buffer.from(data, 'base64'))
  return seen ? `\n${mark}${seen.kind} ${seen.width} ${seen.height}${mark}` : ''
}

/** The pictures that stand in a text, and the text without them. */
export function takePictures(text: string): { text: string; pictures: SeenPicture[] } {
  const pictures = [...text.matchAll(marked)].map(([, kind = '', width, height]) => ({ kind, width: Number(width), height: Number(height) }))
  return { text: text.replaceAll(marked, ''), pictures }
}

/** What is to be said of pictures, in the language they were shown in. */
export function describePictures(pictures: readonly SeenPicture[], asked: string): string {
  if (/\p{sc=Han}/u.test(asked))
    return `我看到${pictures.map(({ kind, width, height }) => `一张 ${width} × ${height} 像素的 ${kind} 图片`).join('和')}。`
  return `I see ${pictures.map(({ kind, width, height }) => `a ${kind} picture of ${width} × ${height} pixels`).join(' and ')}.`
}
