import { AppError } from '#shared/base/errors.ts'
import { countStructures, noAnswer, tooMuch } from './bounded-fetch.ts'

const mb = 1024 * 1024
const headBytes = 5
/** A frame announces its length, and whoever reads it takes that much memory at once. */
const frameBounds = { bytes: 2 * mb, structures: 20_000 }

export type FrameBounds = {
  /** Of all frames; what a command prints is kept by the SDK until its end. */
  maxBytes: number
  /** Frames of a terminal hold its output alone: of what is said to be a command's, the SDK would keep all. */
  onlyTerminal?: boolean
  /** The first comes within so long: it says that what was asked for has begun. */
  firstMs: number
}

/**
 * Passes the envelopes of a Connect stream on, each whole: a byte of flags, four of the length, JSON.
 * Ends the stream with AppError `sandbox_failed` at one that is too long.
 */
export function boundedFrames({ maxBytes, onlyTerminal = false, firstMs }: FrameBounds): TransformStream<Uint8Array, Uint8Array> {
  const head = Buffer.alloc(headBytes)
  let frame: Buffer | undefined
  let at = 0
  let total = 0
  let late: NodeJS.Timeout | undefined

  function announced(): Buffer {
    const length = head.readUInt32BE(1)
    total += length
    if (length > frameBounds.bytes || total > maxBytes) throw tooMuch()
    const made = Buffer.allocUnsafe(headBytes + length)
    head.copy(made)
    return made
  }

  function check(bytes: Buffer): Buffer {
    if (countStructures(bytes) > frameBounds.structures) throw tooMuch()
    if (onlyTerminal && ['"stdout"', '"stderr"', String.raw`\u`].some((word) => bytes.includes(word))) throw foreign()
    return bytes
  }

  const transformer: Transformer<Uint8Array, Uint8Array> & { cancel(): void } = {
    start(controller) {
      late = setTimeout(() => controller.error(noAnswer()), firstMs)
    },
    flush: () => clearTimeout(late),
    cancel: () => clearTimeout(late),
    transform(chunk, controller) {
      let from = 0
      while (from < chunk.length) {
        const into = frame ?? head
        const part = chunk.subarray(from, from + into.length - at)
        into.set(part, at)
        at += part.length
        from += part.length
        if (!frame && at === headBytes) frame = announced()
        if (!frame || at < frame.length) continue
        clearTimeout(late)
        controller.enqueue(check(frame))
        frame = undefined
        at = 0
      }
    },
  }
  return new TransformStream(transformer)
}

const foreign = () => new AppError('sandbox_failed', 'The sandbox answered what it was not asked for.')
