import type { Duplex } from 'node:stream'
import { BadRfb } from './stream-parser.ts'

/** Reads a handshake from a stream; what came after it is handed back by `rest`, with the stream paused. */
export function createByteReader(stream: Duplex, withinMs: number) {
  let held: Buffer = Buffer.alloc(0)
  let waiting: { bytes: number; resolve(bytes: Buffer): void; reject(error: Error): void } | undefined
  let failure: Error | undefined

  const give = () => {
    if (!waiting || held.length < waiting.bytes) return
    const { bytes, resolve } = waiting
    waiting = undefined
    const taken = held.subarray(0, bytes)
    held = held.subarray(bytes)
    resolve(taken)
  }
  const onData = (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (held.length > 1024 * 1024) return fail(new BadRfb('too much before the handshake ended'))
    give()
  }
  const fail = (error: Error) => {
    failure ??= error
    waiting?.reject(failure)
    waiting = undefined
  }
  const onEnd = () => fail(new BadRfb('it ended during the handshake'))
  const timer = setTimeout(() => fail(new BadRfb('the handshake took too long')), withinMs)
  stream.on('data', onData)
  stream.on('error', fail)
  stream.on('close', onEnd)

  return {
    /** One at a time. @throws BadRfb, or what ended the stream */
    read: (bytes: number): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure)
        waiting = { bytes, resolve, reject }
        give()
      }),
    /** Ends the reading. */
    rest(): Buffer {
      clearTimeout(timer)
      stream.pause()
      stream.off('data', onData)
      stream.off('error', fail)
      stream.off('close', onEnd)
      return held
    },
  }
}
