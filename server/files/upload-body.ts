import { AppError } from '#shared/base/errors.ts'
import { maxFileBytes, maxUploadBytes } from '#shared/files/api.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import { readBody } from '../http/serve.ts'

/** A JSON body holds the content escaped: up to six bytes for one. */
const maxJsonBytes = maxFileBytes * 2

/** What somebody sends to be a file: whole where it is small enough to be open as a document, otherwise as it arrives. */
export type UploadBody = { whole: Uint8Array } | UploadStream

export type UploadStream = {
  stream: ReadableStream<Uint8Array>
  /** Bytes so far. */
  size(): number
  /** Why the stream was ended before its end. */
  failure(): AppError | undefined
}

const tooLarge = () => new AppError('too_large', `A file can have up to ${maxUploadBytes} bytes.`)

/**
 * The raw body, or `content` of a JSON object when the type says JSON and the object has just that.
 * @throws AppError `too_large`: what declares too much is refused at once, what turns out so ends its stream
 */
export async function uploadBody(request: Request): Promise<UploadBody> {
  if (/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) return { whole: contentOf(await readBody(request, maxJsonBytes)) }
  if (Number(request.headers.get('content-length') ?? 0) > maxUploadBytes) throw tooLarge()
  const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader()
  const first: Uint8Array[] = []
  let size = 0
  while (reader && size <= maxOpenBytes) {
    const { done, value } = await reader.read()
    if (done) return { whole: Buffer.concat(first) }
    first.push(value)
    size += value.length
  }
  if (!reader) return { whole: new Uint8Array() }
  let failure: AppError | undefined
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const kept = first.shift()
        if (kept) return controller.enqueue(kept)
        try {
          const { done, value } = await reader.read()
          if (done) return controller.close()
          size += value.length
          if (size > maxUploadBytes) throw tooLarge()
          controller.enqueue(value)
        } catch (thrown) {
          failure = thrown instanceof AppError ? thrown : new AppError('invalid_input', 'the body ended before its end')
          controller.error(failure)
          // Not cancelled: that would end the connection before the answer has gone out.
          reader.releaseLock()
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
  return { stream, size: () => size, failure: () => failure }
}

function contentOf(bytes: Uint8Array): Uint8Array {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('invalid_input', 'the body is not JSON')
  }
  const content = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : undefined
  if (typeof content !== 'string') throw new AppError('invalid_input', 'body.content: expected a string')
  const encoded = new TextEncoder().encode(content)
  if (encoded.length > maxFileBytes) throw new AppError('too_large', `A file can have up to ${maxFileBytes} bytes.`)
  return encoded
}
