import type { FilePath } from '#shared/files/path.ts'
import { isNamedPicture, pictureType } from '../../models/picture-type.ts'
import type { ModelMessage, SentPicture } from '../../models/port.ts'

/** Of the newest pictures that people attached so many are sent, and so many bytes of one and of all. */
const most = { pictures: 8, bytesEach: 4 * 1024 * 1024, bytes: 12 * 1024 * 1024 }

/** Tokens that a picture counts for in an estimate. */
export const tokensOfPicture = 1000

type Options = {
  /** Only a model that is known to see is sent pictures; any other is told in words that there are some. */
  sees: boolean
  /** @throws when the file cannot be read, or has more bytes */
  read(path: FilePath, maxBytes: number): Promise<Uint8Array>
}

/** The messages with the pictures that people attached: as pictures, or as a line of text that says why not. */
export async function withAttached(messages: readonly ModelMessage[], { sees, read }: Options): Promise<ModelMessage[]> {
  let left = most.pictures
  let bytesLeft = most.bytes

  async function look(path: FilePath): Promise<SentPicture | string> {
    if (!sees) return 'this model cannot see pictures'
    if (left <= 0 || bytesLeft <= 0) return 'newer pictures are shown instead'
    let bytes: Uint8Array
    try {
      bytes = await read(path, Math.min(most.bytesEach, bytesLeft))
    } catch {
      return 'it is too large, or gone'
    }
    const mime = pictureType(bytes)
    if (!mime) return 'it is not a PNG, JPEG, GIF or WebP picture'
    left -= 1
    bytesLeft -= bytes.length
    return { mime, data: Buffer.from(bytes).toString('base64') }
  }

  const told: ModelMessage[] = []
  for (const message of messages.toReversed()) {
    const files = message.role === 'user' ? (message.files ?? []).filter(isNamedPicture) : []
    if (message.role !== 'user' || files.length === 0) {
      told.unshift(message)
      continue
    }
    const pictures: SentPicture[] = []
    const notes: string[] = []
    for (const path of files) {
      const seen = await look(path)
      if (typeof seen === 'string') notes.push(`[The attached picture ${path} is not shown: ${seen}.]`)
      else pictures.push(seen)
    }
    told.unshift({ ...message, text: [message.text, ...notes].join('\n'), ...(pictures.length > 0 && { pictures }) })
  }
  return told
}
