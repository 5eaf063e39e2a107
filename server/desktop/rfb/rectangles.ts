import { encoding } from './encodings.ts'
import type { PixelSize } from './pixel-format.ts'
import { atMost, checkCursorSize, checkScreenSize, longestName } from './screen-size.ts'
import { BadRfb, pass } from './stream-parser.ts'
import type { Program, read } from './stream-parser.ts'

/** Packed pixels are at most a little longer than the pixels. */
const mostPacked = (pixels: number) => 2 * pixels + 4096

/** Reads bytes that go on as they are. */
type Keep = typeof read
type Watch = {
  /** Of the updates that come now. */
  size(): PixelSize
  /** The server has said that it understands this. */
  supports(what: 'extendedButtons' | 'qemuKey'): void
}

/** Follows the rectangles of one update to its end. @throws BadRfb when one is of a kind that was not asked for, or too large */
export function* rectangles(count: number, keep: Keep, watch: Watch): Program {
  for (let at = 0; at < count; at++) {
    const head = yield* keep(12)
    const kind = head.readInt32BE(8)
    if (kind === encoding.lastRect) return
    yield* rectangle(kind, head.readUInt16BE(4), head.readUInt16BE(6), keep, watch)
  }
}

function* rectangle(kind: number, width: number, height: number, keep: Keep, watch: Watch): Program {
  const { pixel, tight: tightPixel } = watch.size()
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
      return yield* tight(width, height, tightPixel, keep)
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

/** @param pixel bytes of one */
function* tight(width: number, height: number, pixel: number, keep: Keep): Program {
  const control = (yield* keep(1)).readUInt8(0)
  const how = control >> 4
  if (how === 8) return yield* pass(pixel)
  if (how === 9) return yield* pass(yield* compactLength(keep))
  if (how > 7) throw new BadRfb('no such compression')
  const filter = how & 4 ? (yield* keep(1)).readUInt8(0) : 0
  let bytes = width * height * pixel
  if (filter === 1) {
    const colours = (yield* keep(1)).readUInt8(0) + 1
    yield* pass(colours * pixel)
    bytes = (colours === 2 ? (width + 7) >> 3 : width) * height
  } else if (filter > 2) throw new BadRfb('no such filter')
  yield* pass(bytes < 12 ? bytes : atMost(yield* compactLength(keep), mostPacked(bytes)))
}

function* compactLength(keep: Keep) {
  let length = 0
  for (let at = 0; at < 3; at++) {
    const byte = (yield* keep(1)).readUInt8(0)
    length |= (at === 2 ? byte : byte & 0x7f) << (7 * at)
    if (!(byte & 0x80)) break
  }
  return length
}
