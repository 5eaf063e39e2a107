import { BadRfb } from './stream-parser.ts'

/** Lengths follow from it: bytes of a pixel, and of one in Tight, where 24 of 32 bits that are colours travel as three bytes. */
export type PixelSize = { pixel: number; tight: number }

/** @param format 16 bytes, as in ServerInit and SetPixelFormat. @throws BadRfb for one that no server can draw in */
export function pixelSize(format: Buffer): PixelSize {
  const bits = format.readUInt8(0)
  const depth = format.readUInt8(1)
  const trueColour = format.readUInt8(3) !== 0
  const [red, green, blue] = [format.readUInt16BE(4), format.readUInt16BE(6), format.readUInt16BE(8)]
  if (![8, 16, 32].includes(bits) || depth < 1 || depth > bits) throw new BadRfb('no such pixel format')
  if (!trueColour && bits !== 8) throw new BadRfb('a palette is possible with 8 bits only')
  const shifts = [format.readUInt8(10), format.readUInt8(11), format.readUInt8(12)]
  const maxima = [red, green, blue]
  const sane = maxima.every((max, at) => max > 0 && (max & (max + 1)) === 0 && Math.log2(max + 1) + (shifts[at] ?? 0) <= bits)
  if (trueColour && (!sane || overlap(maxima, shifts))) throw new BadRfb('colours do not fit into the pixel')
  const is888 = bits === 32 && depth === 24 && trueColour && maxima.every((max) => max === 255)
  return { pixel: bits / 8, tight: is888 ? 3 : bits / 8 }
}

const overlap = (maxima: number[], shifts: number[]) => {
  const masks = maxima.map((max, at) => BigInt(max) << BigInt(shifts[at] ?? 0))
  return masks.some((mask, at) => masks.some((other, then) => then > at && (mask & other) !== 0n))
}
