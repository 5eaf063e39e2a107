import { BadRfb } from './stream-parser.ts'

/** Pixels that a desktop here may have: its pictures are held in memory, three bytes and more for each of them. */
const most = { side: 4096, pixels: 4096 * 2304 }
/** A rectangle of a cursor is none of the screen. */
const mostCursorSide = 512
/** Names are shown, and kept by whoever looks. */
export const longestName = 4096

export const isScreenSize = (width: number, height: number) => width <= most.side && height <= most.side && width * height <= most.pixels

/** What a desktop says of sizes is not trusted. @throws BadRfb before any memory is taken for it */
export function checkScreenSize(width: number, height: number): void {
  if (!isScreenSize(width, height)) throw new BadRfb('the desktop is larger than it can be')
}

/** @throws BadRfb */
export function checkCursorSize(width: number, height: number): void {
  if (width > mostCursorSide || height > mostCursorSide) throw new BadRfb('the pointer of the desktop is larger than it can be')
}

/** @throws BadRfb */
export function atMost(length: number, most: number): number {
  if (length > most) throw new BadRfb('the server announced more than it may send')
  return length
}
