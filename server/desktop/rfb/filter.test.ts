import { describe, expect, test } from 'vitest'
import { createFilter } from './filter.ts'
import { BadRfb } from './stream-parser.ts'

const rgb888 = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0])

function between(inControl: boolean) {
  const state = { inControl, desktop: [] as Buffer[], viewer: [] as Buffer[], acted: 0 }
  const filter = createFilter({
    format: rgb888,
    mayAct: () => state.inControl,
    acted: () => void state.acted++,
    toDesktop: (bytes) => void state.desktop.push(Buffer.from(bytes)),
    toViewer: (bytes) => void state.viewer.push(Buffer.from(bytes)),
  })
  return { state, filter, desktop: () => Buffer.concat(state.desktop), viewer: () => Buffer.concat(state.viewer) }
}

const bytes = (...parts: (number | number[] | Buffer | string)[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
  )
const u16 = (value: number) => [value >> 8, value & 255]
const u32 = (value: number) => [...Buffer.from(new Uint32Array([value]).buffer)].reverse()

const request = bytes(3, 1, u16(0), u16(0), u16(800), u16(600))
const key = (down: number, sym: number) => bytes(4, down, 0, 0, u32(sym))
const pointer = (mask: number, x: number, y: number) => bytes(5, mask, u16(x), u16(y))

/** One of every message that acts, and one after it that shows whether the filter is still in step. */
const acting = {
  'a key': key(1, 0x61),
  'a pointer': pointer(1, 4, 5),
  'a pointer with nine buttons': bytes(pointer(0x81, 4, 5), 1),
  'a clipboard': bytes(6, 0, 0, 0, u32(5), 'hello'),
  'a long clipboard': bytes(6, 0, 0, 0, u32(5000), Buffer.alloc(5000, 4)),
  'an extended clipboard': bytes(6, 0, 0, 0, u32(-9 >>> 0), Buffer.alloc(9, 5)),
  xvp: bytes(250, 0, 1, 2),
  'a new size': bytes(251, 0, u16(640), u16(480), 1, 0, Buffer.alloc(16)),
  'GII, big-endian': bytes(253, 0x80, u16(6), Buffer.alloc(6, 4)),
  'GII, little-endian': bytes(253, 0, [6, 0], Buffer.alloc(6, 4)),
  'a QEMU key': bytes(255, 0, u16(1), u32(0x61), u32(30)),
  'QEMU audio': bytes(255, 1, u16(0)),
  'QEMU audio with a format': bytes(255, 1, u16(2), 1, 2, u32(44100)),
}

describe('what a viewer sends', () => {
  test.each(Object.entries(acting))('%s is dropped, cut anywhere, and what follows is understood', (_name, message) => {
    const whole = bytes(message, request)
    for (let cut = 0; cut <= Math.min(whole.length, 64); cut++) {
      const { filter, state, desktop } = between(false)
      filter.fromViewer(whole.subarray(0, cut))
      filter.fromViewer(whole.subarray(cut))
      expect(desktop()).toEqual(request)
      expect(state.acted).toBe(0)
    }
  })

  test('passes from whoever has control, byte by byte or glued together', () => {
    const { filter, desktop } = between(true)
    const sent = bytes(key(1, 0x61), key(0, 0x61), pointer(1, 3, 4), acting['a clipboard'], acting['a new size'], request)
    for (const byte of sent) filter.fromViewer(Buffer.from([byte]))
    filter.fromViewer(sent)
    expect(desktop()).toEqual(bytes(sent, sent))
  })

  test('no desktop is sent what it would not understand, even by whoever has control', () => {
    const { filter, desktop } = between(true)
    filter.fromViewer(bytes(acting.xvp, acting['GII, big-endian'], acting['QEMU audio'], acting['a QEMU key'], acting['a pointer with nine buttons']))
    expect(desktop()).toEqual(bytes(key(1, 0x61), pointer(1, 4, 5)))
    filter.fromViewer(bytes(248, 0, 0, 0, u32(1), 2, 9, 9, 150, 1, u16(0), u16(0), u16(9), u16(9), request))
    expect(desktop()).toEqual(bytes(key(1, 0x61), pointer(1, 4, 5), request))
    // Now it has said that it knows fences and continuous updates.
    filter.fromDesktop(bytes(248, 0, 0, 0, u32(0x80000000), 0, 150))
    filter.fromViewer(bytes(248, 0, 0, 0, u32(1), 2, 9, 9))
    expect(desktop().subarray(-11)).toEqual(bytes(248, 0, 0, 0, u32(1), 2, 9, 9))
  })

  test.each([1, 7, 99, 149, 200, 252, 254])('an unknown message, type %i, ends it', (type) => {
    expect(() => between(true).filter.fromViewer(bytes(request, type))).toThrow(BadRfb)
  })

  test('an endless clipboard ends it, and no memory is kept for it', () => {
    expect(() => between(false).filter.fromViewer(bytes(6, 0, 0, 0, u32(0x7fffffff)))).toThrow('too long')
  })

  test('asks only for encodings that can be followed', () => {
    const { filter, desktop } = between(false)
    filter.fromViewer(bytes(2, 0, u16(5), u32(5), u32(7), u32(21), u32(-26 >>> 0), u32(7)))
    expect(desktop()).toEqual(bytes(2, 0, u16(2), u32(7), u32(-26 >>> 0)))
  })

  test('control lost lets go of what was held', () => {
    const { filter, state, desktop } = between(true)
    filter.fromViewer(bytes(key(1, 0xffe3), key(1, 0x61), key(0, 0x61), pointer(1, 7, 8)))
    state.desktop = []
    state.inControl = false
    filter.lost()
    expect(desktop()).toEqual(bytes(key(0, 0xffe3), pointer(0, 7, 8)))
    state.desktop = []
    filter.lost()
    expect(desktop()).toHaveLength(0)
  })
})

describe('what the desktop sends', () => {
  const rect = (kind: number, width: number, height: number, body: Buffer) => bytes(u16(0), u16(0), u16(width), u16(height), u32(kind >>> 0), body)
  const update = (...rects: Buffer[]) => bytes(0, 0, u16(rects.length), ...rects)
  const secret = bytes(3, 0, 0, 0, u32(6), 'secret')
  const picture = update(
    rect(0, 2, 2, Buffer.alloc(16, 3)),
    rect(1, 5, 5, Buffer.alloc(4, 3)),
    rect(16, 9, 9, bytes(u32(3), Buffer.alloc(3, 3))),
    rect(7, 4, 4, bytes(0x80, [3, 3, 3])),
    rect(7, 64, 64, bytes(0x90, [0x83, 0x01], Buffer.alloc(131, 3))),
    rect(7, 8, 8, bytes(0x40, 1, 1, Buffer.alloc(6, 3), Buffer.alloc(8, 3))),
    rect(7, 40, 8, bytes(0x50, 1, 2, Buffer.alloc(9, 3), [5], Buffer.alloc(5, 3))),
    rect(7, 1, 3, bytes(0x00, Buffer.alloc(9, 3))),
    rect(-239, 9, 2, bytes(Buffer.alloc(9 * 2 * 4 + 4, 3))),
    rect(0x574d5664, 2, 2, bytes([1, 0], Buffer.alloc(16, 3))),
    rect(-307, 0, 0, bytes(u32(4), 'name')),
    rect(-308, 0, 0, bytes([1, 0, 0, 0], Buffer.alloc(16, 3))),
    rect(-261, 0, 0, bytes(3)),
    rect(-224, 0, 0, Buffer.alloc(0)),
  )

  test('goes on as it is, but for the clipboard, wherever it is cut', () => {
    const stream = bytes(picture, secret, 2, picture, bytes(1, 0, u16(0), u16(1), Buffer.alloc(6)), secret, 150)
    const expected = bytes(picture, 2, picture, bytes(1, 0, u16(0), u16(1), Buffer.alloc(6)), 150)
    for (let size = 1; size < 40; size++) {
      const { filter, viewer } = between(false)
      for (let at = 0; at < stream.length; at += size) filter.fromDesktop(stream.subarray(at, at + size))
      expect(viewer()).toEqual(expected)
    }
  })

  test('the clipboard is shown to whoever has control, and kept for who gets it', () => {
    const { filter, viewer, state } = between(false)
    filter.fromDesktop(bytes(secret, picture.subarray(0, 20)))
    state.inControl = true
    filter.gained()
    expect(viewer()).toEqual(picture.subarray(0, 20))
    filter.fromDesktop(picture.subarray(20))
    expect(viewer()).toEqual(bytes(picture, secret))
    filter.fromDesktop(secret)
    expect(viewer()).toEqual(bytes(picture, secret, secret))
  })

  test('a pixel format that would change lengths under way is not passed on', () => {
    const { filter, desktop } = between(false)
    const eight = bytes(0, 0, 0, 0, [8, 8, 0, 1, 0, 7, 0, 7, 0, 3, 5, 2, 0, 0, 0, 0])
    filter.fromViewer(bytes(eight, request, bytes(0, 0, 0, 0, rgb888), request))
    expect(desktop()).toEqual(bytes(eight, request, request))
    filter.fromDesktop(update(rect(0, 2, 2, Buffer.alloc(4, 3))))
    expect(() => filter.fromDesktop(bytes(9))).toThrow(BadRfb)
  })
})
