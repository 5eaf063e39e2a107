import type { PixelSize } from './pixel-format.ts'
import { rectangles } from './rectangles.ts'
import { atMost } from './screen-size.ts'
import { BadRfb, drop, pass, read } from './stream-parser.ts'
import type { Program } from './stream-parser.ts'

/** A clipboard longer than this is not understood as one. */
const longest = 16 * 1024 * 1024
const longestFence = 64
const noFlags = Buffer.alloc(0)

/** What a server has shown that it understands. */
export type Ability = 'fence' | 'continuous' | 'extendedButtons' | 'qemuKey'

export type ServerWatch = {
  /** Of the updates that come now. */
  size(): PixelSize
  /** Asked for each clipboard. `hold`, `drop`: it does not go on, and is handed to `held` or not. */
  clipboard(length: number): 'pass' | 'hold' | 'drop'
  held(message: Buffer): void
  /** The server has said that it understands this. */
  supports(what: Ability): void
  /** Told before and after the first byte of each message; what it hands back goes in between two messages. */
  between(now: boolean): Buffer | undefined
}

/**
 * Follows what a VNC server sends after ServerInit, rectangle by rectangle, so that it is known where each message begins:
 * a clipboard can be kept back, nothing else changes.
 * @throws BadRfb when the server speaks of what it was not asked for
 */
export function* serverMessages(emit: (bytes: Buffer) => void, watch: ServerWatch): Program {
  for (;;) {
    const more = watch.between(true)
    if (more) emit(more)
    const type = yield* read(1)
    watch.between(false)
    if (type[0] === 3) {
      yield* clipboard(type)
      continue
    }
    emit(type)
    switch (type[0]) {
      case 0: {
        const head = yield* keep(3)
        yield* rectangles(head.readUInt16BE(1), keep, watch)
        break
      }
      case 1:
        yield* pass((yield* keep(5)).readUInt16BE(3) * 6)
        break
      case 2:
        break
      case 150:
        watch.supports('continuous')
        break
      case 248:
        watch.supports('fence')
        yield* pass(atMost((yield* keep(8)).readUInt8(7), longestFence))
        break
      default:
        throw new BadRfb(`the server sent message ${type[0]}`)
    }
  }

  function* keep(bytes: number) {
    const kept = yield* read(bytes)
    emit(kept)
    return kept
  }

  function* clipboard(type: Buffer): Program {
    const head = yield* read(7)
    const extended = head.readInt32BE(3) < 0
    const length = Math.abs(head.readInt32BE(3))
    if (length > longest) throw new BadRfb('the server sent an endless clipboard')
    // What the server's clipboard can do, said once, holds nothing of it.
    const flags = extended && length >= 4 ? yield* read(4) : noFlags
    const rest = length - flags.length
    const abilities = ((flags[0] ?? 0) & 1) !== 0
    const fate = abilities ? 'pass' : watch.clipboard(length)
    if (fate === 'drop') return yield* drop(rest)
    if (fate === 'hold') return watch.held(Buffer.concat([type, head, flags, yield* read(rest)]))
    for (const part of [type, head, flags]) if (part.length > 0) emit(part)
    yield* pass(rest)
  }
}
