import type { Duplex } from 'node:stream'
import { encoding } from './encodings.ts'
import { createHeldInput } from './held-input.ts'
import { encodePng } from './png.ts'
import { checkScreenSize } from './screen-size.ts'
import { BadRfb, createStreamParser, drop, read } from './stream-parser.ts'
import type { Program } from './stream-parser.ts'
import { openUpstream } from './upstream-handshake.ts'

/** R, G, B and a byte that means nothing. */
const format = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0])
/** A display that is asked for what it shows has so long to answer; and what it says of its size may change so often meanwhile. */
const answerMs = 10_000
const mostResizes = 5

/** A client of the desktop's own, for agents: looks, points and types. Failures of the connection reject what waits. */
export async function openScreen(stream: Duplex, withinMs = answerMs) {
  const { init, rest } = await openUpstream(stream, undefined, withinMs)
  let { width, height } = init
  /** Made when there is something to put in it. */
  let pixels: Buffer | undefined
  const held = createHeldInput()
  let failure: Error | undefined
  /** Of the requests for updates, those that wait for an answer, in order. */
  let waiting: { resolve(): void; reject(error: Error): void }[] = []
  let pointerAt = { x: 0, y: 0 }

  const fail = (error: Error) => {
    failure ??= error
    for (const one of waiting) one.reject(failure)
    waiting = []
    stream.destroy()
  }
  const parser = createStreamParser(
    () =>
      updates({
        pixels: () => (pixels ??= Buffer.alloc(width * height * 4)),
        size: () => ({ width, height }),
        resize(size) {
          checkScreenSize(size.width, size.height)
          width = size.width
          height = size.height
          pixels = undefined
        },
        updated() {
          for (const one of waiting) one.resolve()
          waiting = []
        },
      }),
    () => undefined,
  )
  const feed = (chunk: Buffer) => {
    try {
      parser.feed(chunk)
    } catch (error) {
      fail(error as Error)
    }
  }
  stream.on('data', feed)
  stream.on('error', fail)
  stream.once('close', () => fail(new BadRfb('the desktop ended')))
  stream.write(Buffer.concat([Buffer.from([0, 0, 0, 0]), format]))
  stream.write(encodings([encoding.raw, encoding.desktopSize, encoding.lastRect]))
  if (rest.length > 0) feed(rest)
  stream.resume()

  const write = (bytes: Buffer) => {
    if (failure) throw failure
    stream.write(bytes)
  }
  /** Resolves with the next update. */
  function ask(incremental: boolean, w: number, h: number): Promise<void> {
    const request = Buffer.alloc(10)
    request[0] = 3
    request[1] = incremental ? 1 : 0
    request.writeUInt16BE(w, 6)
    request.writeUInt16BE(h, 8)
    return new Promise((resolve, reject) => {
      // One that waits for a change waits for as long as nothing changes.
      const late = incremental ? undefined : setTimeout(() => fail(new BadRfb('the desktop does not answer')), withinMs)
      const answered = () => clearTimeout(late)
      waiting.push({ resolve: () => (answered(), resolve()), reject: (error) => (answered(), reject(error)) })
      try {
        write(request)
      } catch (error) {
        answered()
        reject(error as Error)
      }
    })
  }

  return {
    get size() {
      return { width, height }
    },
    get pointerAt() {
      return pointerAt
    },
    get closed() {
      return failure !== undefined
    },
    /** What was sent before has been taken when it is answered. */
    flushed: () => ask(false, 1, 1),
    async picture(): Promise<{ png: Uint8Array; width: number; height: number }> {
      for (let turn = 0; turn < mostResizes; turn++) {
        const size = { width, height }
        await ask(false, width, height)
        if (size.width !== width || size.height !== height) continue
        return { ...size, png: await encodePng(Buffer.from(pixels ?? Buffer.alloc(width * height * 4)), width, height) }
      }
      throw new BadRfb('the desktop changes its size without end')
    },
    /** The next change of the screen. */
    changed: () => ask(true, width, height),
    pointer(x: number, y: number, buttons: number): void {
      const bytes = Buffer.from([5, buttons, x >> 8, x & 255, y >> 8, y & 255])
      write(bytes)
      held.sent({ kind: 'pointer', bytes })
      pointerAt = { x, y }
    },
    key(keysym: number, down: boolean): void {
      const bytes = Buffer.alloc(8)
      bytes[0] = 4
      bytes[1] = down ? 1 : 0
      bytes.writeUInt32BE(keysym, 4)
      write(bytes)
      held.sent({ kind: 'key', bytes })
    },
    release(): void {
      if (failure) return
      for (const bytes of held.release()) stream.write(bytes)
    },
    close: () => stream.destroy(),
  }
}

export type Screen = Awaited<ReturnType<typeof openScreen>>

function encodings(list: number[]): Buffer {
  const out = Buffer.alloc(4 + 4 * list.length)
  out[0] = 2
  out.writeUInt16BE(list.length, 2)
  for (const [at, value] of list.entries()) out.writeInt32BE(value, 4 + 4 * at)
  return out
}

type Canvas = {
  pixels(): Buffer
  size(): { width: number; height: number }
  resize(size: { width: number; height: number }): void
  updated(): void
}

function* updates(canvas: Canvas): Program {
  for (;;) {
    const type = (yield* read(1))[0]
    if (type === 0) {
      const count = (yield* read(3)).readUInt16BE(1)
      for (let at = 0; at < count; at++) {
        const head = yield* read(12)
        const kind = head.readInt32BE(8)
        if (kind === encoding.lastRect) break
        const [x, y, w, h] = [head.readUInt16BE(0), head.readUInt16BE(2), head.readUInt16BE(4), head.readUInt16BE(6)]
        if (kind === encoding.desktopSize) canvas.resize({ width: w, height: h })
        else if (kind === encoding.raw) {
          checkScreenSize(w, h)
          for (let row = 0; row < h; row++) {
            const line = yield* read(w * 4)
            const { width, height } = canvas.size()
            if (y + row < height && x < width) line.copy(canvas.pixels(), ((y + row) * width + x) * 4, 0, Math.min(w, width - x) * 4)
          }
        } else throw new BadRfb(`the desktop used encoding ${kind}`)
      }
      canvas.updated()
    } else if (type === 1) yield* drop((yield* read(5)).readUInt16BE(3) * 6)
    else if (type === 3) yield* drop(Math.abs((yield* read(7)).readInt32BE(3)))
    else if (type !== 2) throw new BadRfb(`the desktop sent message ${type}`)
  }
}
