/** Encodings by their numbers, from the registry of RFB. */
export const encoding = {
  raw: 0,
  copyRect: 1,
  zlib: 6,
  tight: 7,
  zrle: 16,
  cursor: -239,
  desktopSize: -223,
  lastRect: -224,
  qemuKey: -258,
  qemuLed: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  fence: -312,
  continuousUpdates: -313,
  extendedButtons: -316,
  vmwareCursor: 0x574d5664,
  extendedClipboard: 0xc0a1e5ce | 0,
} as const

const known = new Set<number>(Object.values(encoding))
const between = (value: number, low: number, high: number) => value >= low && value <= high

/**
 * Whether a viewer may ask for it: what the server's stream is understood in, and the levels of quality (-32 to -23, and
 * -512 to -412 finer), compression (-256 to -247) and subsampling (-768 to -763).
 */
export const isOffered = (value: number): boolean =>
  known.has(value) || between(value, -32, -23) || between(value, -256, -247) || between(value, -512, -412) || between(value, -768, -763)
