import { encoding } from './encodings.ts'
import type { PixelSize } from './pixel-format.ts'
import { checkCursorSize, checkScreenSize, longestName } from './screen-size.ts'
import { BadRfb, drop, pass, read } from './stream-parser.ts'
import type { Program } from './stream-parser.ts'

/** A clipboard longer than this is not understood as one. */
const longest = 16 * 1024 * 1024
const longestFence = 64
/** Packed pixels are at most a little longer than the pixels. */
const mostPacked = (pixels: number) => 2 * pixels + 4096

const noFlags = Buffer.alloc(0)

function atMost(length: number, most: number): number {
  if (length > most) throw new BadRfb('the server announced more than it may send')
  return length
}

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
        yield* rectangles(head.readUInt16BE(1))
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

  function* rectangles(count: number): Program {
    for (let at = 0; at < count; at++) {
      const head = yield* keep(12)
      const kind = head.readInt32BE(8)
      if (kind === encoding.lastRect) return
      yield* rectangle(kind, head.readUInt16BE(4), head.readUInt16BE(6))
    }
  }

  function* rectangle(kind: number, width: number, height: number): Program {
    const { pixel } = watch.size()
    if (kind === encoding.cursor || kind === encoding.vmwareCursor) checkCursorSize(width, height)
    else if (kind !== encoding.desktopName) checkScreenSize(width, height)
    switch (kind) {
      case encoding.raw:
        return yield* pass(width * height * pixel)
      case encoding.copyRect:
        return yield* pass(4)
      case encoding.zlib:
      case encoding.zrle:
        return yield* pass(atMost((yield* keep(4)).readUInt32BE(0), mostPacked(width * height * pixel)))
      case encoding.tight:
        return yield* tight(width, height)
      case encoding.cursor:
        return yield* pass(width * height * pixel + ((width + 7) >> 3) * height)
      case encoding.vmwareCursor:
        return yield* pass(width * height * ((yield* keep(2))[0] === 0 ? 2 * pixel : 4))
      case encoding.desktopName:
        return yield* pass(atMost((yield* keep(4)).readUInt32BE(0), longestName))
      case encoding.extendedDesktopSize:
        return yield* pass(16 * (yield* keep(4)).readUInt8(0))
      case encoding.qemuLed:
        return yield* pass(1)
      case encoding.extendedButtons:
        return watch.supports('extendedButtons')
      case encoding.qemuKey:
        return watch.supports('qemuKey')
      case encoding.desktopSize:
        return
      default:
        throw new BadRfb(`the server used encoding ${kind}`)
    }
  }

  function* tight(width: number, height: number): Program {
    const size = watch.size().tight
    const control = (yield* keep(1)).readUInt8(0)
    const how = control >> 4
    if (how === 8) return yield* pass(size)
    if (how === 9) return yield* pass(yield* compactLength())
    if (how > 7) throw new BadRfb('no such compression')
    const filter = how & 4 ? (yield* keep(1)).readUInt8(0) : 0
    let bytes = width * height * size
    if (filter === 1) {
      const colours = (yield* keep(1)).readUInt8(0) + 1
      yield* pass(colours * size)
      bytes = (colours === 2 ? (width + 7) >> 3 : width) * height
    } else if (filter > 2) throw new BadRfb('no such filter')
    yield* pass(bytes < 12 ? bytes : atMost(yield* compactLength(), mostPacked(bytes)))
  }

  function* compactLength() {
    let length = 0
    for (let at = 0; at < 3; at++) {
      const byte = (yield* keep(1)).readUInt8(0)
      length |= (at === 2 ? byte : byte & 0x7f) << (7 * at)
      if (!(byte & 0x80)) break
    }
    return length
  }
}
