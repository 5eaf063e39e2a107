import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createFilter } from './filter.ts'
import { openScreen } from './screen-client.ts'
import { BadRfb } from './stream-parser.ts'

const mb = 1024 * 1024
const u16 = (value: number) => [(value >> 8) & 255, value & 255]
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)]
const rgb888 = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]
const init = (width: number, height: number, name: number = 0) => Buffer.from([...u16(width), ...u16(height), ...rgb888, ...u32(name)])
const rectangle = (width: number, height: number, kind: number, ...more: number[]) =>
  Buffer.from([0, 0, ...u16(1), ...u16(0), ...u16(0), ...u16(width), ...u16(height), ...u32(kind >>> 0), ...more])
const kinds = { raw: 0, zlib: 6, tight: 7, zrle: 16, cursor: -239, desktopSize: -223, name: -307, extendedSize: -308, vmwareCursor: 0x574d5664 }

/** A display of a sandbox, up to ServerInit. @param after what it says then, again and again when it is a function */
async function screenOf(first: Buffer, after: Buffer | (() => Buffer) = Buffer.alloc(0)) {
  const [ours, theirs] = duplexPair()
  theirs.on('error', () => undefined)
  theirs.write('RFB 003.008\n')
  theirs.write(Buffer.from([1, 1, 0, 0, 0, 0]))
  theirs.write(first)
  const before = process.memoryUsage.rss()
  const pump = (to: Duplex) => {
    if (typeof after !== 'function') return void to.write(after)
    if (!to.destroyed && to.write(after())) setImmediate(pump, to)
    return undefined
  }
  theirs.resume()
  theirs.on('drain', () => pump(theirs))
  const opening = openScreen(ours, 300)
  opening.then(
    () => pump(theirs),
    () => undefined,
  )
  return { opening, grown: () => process.memoryUsage.rss() - before, end: () => theirs.destroy() }
}

describe('a display that somebody has taken over', () => {
  test.each([
    ['12,000 by 12,000 pixels', init(12_000, 12_000)],
    ['65,535 by 65,535 pixels', init(65_535, 65_535)],
    ['a name of two gigabytes', init(800, 600, 2 ** 31)],
  ])('%s are refused before memory is taken', async (_what, first) => {
    const { opening, grown, end } = await screenOf(first)
    await expect(opening).rejects.toMatchObject({ name: 'BadRfb', code: 'sandbox_failed' })
    expect(grown()).toBeLessThan(50 * mb)
    end()
  })

  test.each([
    ['a new size beyond all', rectangle(60_000, 60_000, kinds.desktopSize)],
    ['a rectangle beyond all', rectangle(65_535, 65_535, kinds.raw)],
    ['another encoding', rectangle(10, 10, kinds.zlib, ...u32(2 ** 31))],
    ['no such message', Buffer.from([99])],
  ])('%s ends it', async (_what, after) => {
    const { opening, grown, end } = await screenOf(init(800, 600), after)
    const screen = await opening
    await expect(screen.picture()).rejects.toBeInstanceOf(BadRfb)
    expect(screen.closed).toBe(true)
    expect(grown()).toBeLessThan(50 * mb)
    end()
  })

  test('one that shows nothing, or something else without end, is given up', async () => {
    const still = await screenOf(init(800, 600))
    await expect((await still.opening).picture()).rejects.toThrow('does not answer')
    const bell = await screenOf(init(800, 600), () => Buffer.alloc(16 * 1024, 2))
    await expect((await bell.opening).picture()).rejects.toThrow('does not answer')
    const clipboard = await screenOf(init(800, 600), () => Buffer.from([3, 0, 0, 0, ...u32(2 ** 31 - 1), ...Buffer.alloc(16 * 1024)]))
    await expect((await clipboard.opening).picture()).rejects.toThrow('does not answer')
    expect(still.grown()).toBeLessThan(200 * mb)
    for (const one of [still, bell, clipboard]) one.end()
  })

  test('one that changes its size without end takes no memory for each', async () => {
    let side = 0
    const { opening, grown, end } = await screenOf(init(800, 600), () => {
      side = (side % 2000) + 1
      return rectangle(2000 + side, 2000, kinds.desktopSize)
    })
    await expect((await opening).picture()).rejects.toBeInstanceOf(BadRfb)
    expect(grown()).toBeLessThan(200 * mb)
    end()
  })
})

describe('what goes on to a viewer', () => {
  const nothing = () => undefined
  const filterOf = () => createFilter({ format: Buffer.from(rgb888), mayAct: () => true, acted: nothing, toDesktop: nothing, toViewer: nothing })
  test.each([
    ['a rectangle beyond all', rectangle(65_535, 65_535, kinds.raw)],
    ['a new size beyond all', rectangle(60_000, 60_000, kinds.desktopSize)],
    ['another new size beyond all', rectangle(60_000, 60_000, kinds.extendedSize, 0, 0, 0, 0)],
    ['a name beyond all', rectangle(0, 0, kinds.name, ...u32(2 ** 31))],
    ['packed pixels beyond all', rectangle(10, 10, kinds.zlib, ...u32(2 ** 31))],
    ['packed pixels beyond all, another way', rectangle(10, 10, kinds.zrle, ...u32(2 ** 30))],
    ['packed pixels beyond all, a third way', rectangle(10, 10, kinds.tight, 0, 0xff, 0xff, 0xff)],
    ['a pointer beyond all', rectangle(60_000, 60_000, kinds.cursor)],
    ['another pointer beyond all', rectangle(60_000, 60_000, kinds.vmwareCursor, 0, 0)],
    ['a clipboard beyond all', Buffer.from([3, 0, 0, 0, ...u32(2 ** 31 - 1), 0])],
    ['a fence beyond all', Buffer.from([248, 0, 0, 0, 0, 0, 0, 0, 255])],
  ])('%s ends it', (_what, bytes) => {
    expect(() => filterOf().fromDesktop(bytes)).toThrow(BadRfb)
  })
  test('what Xvnc sends at most passes', () => {
    const filter = filterOf()
    const largest = rectangle(3840, 2160, kinds.desktopSize)
    expect(filter.fromDesktop(Buffer.concat([largest, rectangle(64, 64, kinds.cursor)]))).toHaveLength(0)
  })
})
