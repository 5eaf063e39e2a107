import * as decoding from 'lib0/decoding'
import { BadFrame, TooLarge } from './frames.ts'
import { limits } from './limits.ts'

/** One item of an update, as far as a rule needs it. */
export type InspectedItem = {
  client: number
  clock: number
  length: number
  /** Name of the root type it hangs in, when the item says so itself. */
  root: string | undefined
  /** The item of the type it hangs in, when the item says so itself. */
  parent: ItemId | undefined
  /** Its left and right origin: the neighbours it had when it was made. An item that has either names no parent; it has theirs. */
  origin: ItemId | undefined
  rightOrigin: ItemId | undefined
  /** Key in a map. */
  key: string | undefined
  content: 'deleted' | 'json' | 'binary' | 'string' | 'embed' | 'format' | 'type' | 'any' | 'doc'
  /** Of content `type`: which one, as Yjs numbers them. */
  type: number | undefined
  /** Of content `any`: a number without bound, or bytes, somewhere in it. */
  odd: boolean
  bytes: number
}

export type ItemId = { client: number; clock: number }

type Stretch = (client: number, clock: number, length: number) => void

const contents = ['deleted', 'deleted', 'json', 'binary', 'string', 'embed', 'format', 'type', 'any', 'doc'] as const
const maxClock = 2 ** 32

/**
 * Walks an update (v1) without allocating by what it declares, and checks that every byte has its place. The layout is
 * that of `readClientsStructRefs` and `readDeleteSet` in yjs 13.6.
 * @param written told of every stretch of clocks that the update fills, of removed items as well
 * @param deleted told of every stretch that the update removes
 * @throws BadFrame
 */
export function inspectUpdate(
  update: Uint8Array,
  visit: (item: InspectedItem) => void = () => undefined,
  written: Stretch = () => undefined,
  deleted: Stretch = () => undefined,
): void {
  try {
    const decoder = decoding.createDecoder(update)
    readStructs(decoder, visit, written)
    readDeletes(decoder, deleted)
    if (decoding.hasContent(decoder)) throw new BadFrame('bytes are left over')
  } catch (error) {
    throw error instanceof BadFrame || error instanceof TooLarge ? error : new BadFrame('the update is not well-formed', { cause: error })
  }
}

const left = (decoder: decoding.Decoder) => decoder.arr.length - decoder.pos

/** A count of things of at least `size` bytes each, which must fit in what is left. */
function readCount(decoder: decoding.Decoder, size: number): number {
  const count = decoding.readVarUint(decoder)
  if (count * size > left(decoder)) throw new BadFrame('it declares more than it holds')
  return count
}

function readId(decoder: decoding.Decoder) {
  const client = decoding.readVarUint(decoder)
  const clock = decoding.readVarUint(decoder)
  if (client > maxClock || clock > maxClock) throw new BadFrame('an id is out of range')
  return { client, clock }
}

function readStructs(decoder: decoding.Decoder, visit: (item: InspectedItem) => void, written: Stretch): void {
  const clients = readCount(decoder, 5)
  const seen = new Set<number>()
  for (let i = 0; i < clients; i++) {
    const structs = readCount(decoder, 2)
    const { client, clock: first } = readId(decoder)
    // Of two lists for one client Yjs takes the last: what was judged must be what is applied.
    if (seen.has(client)) throw new BadFrame('a client comes twice')
    seen.add(client)
    let clock = first
    for (let j = 0; j < structs; j++) {
      const isSkip = ((decoder.arr[decoder.pos] ?? 0) & 31) === 10
      const length = readStruct(decoder, client, clock, visit)
      if (!isSkip) written(client, clock, length)
      clock += length
      if (clock > maxClock) throw new BadFrame('a clock is out of range')
    }
  }
}

/** @returns its length in clock ticks */
function readStruct(decoder: decoding.Decoder, client: number, clock: number, visit: (item: InspectedItem) => void): number {
  const start = decoder.pos
  const info = decoding.readUint8(decoder)
  const ref = info & 31
  if (ref === 0 || ref === 10) return positive(decoding.readVarUint(decoder))
  const content = contents[ref]
  if (content === undefined) throw new BadFrame('no such content')
  const origin = info & 128 ? readId(decoder) : undefined
  const rightOrigin = info & 64 ? readId(decoder) : undefined
  // Yjs looks only at other clients for what is missing: such an item would end an update in the middle.
  const isLater = (id: ItemId | undefined) => id?.client === client && id.clock >= clock
  let root: string | undefined
  let parent: ItemId | undefined
  let key: string | undefined
  if (isLater(origin) || isLater(rightOrigin)) throw new BadFrame('an item hangs in one that comes after it')
  if (!origin && !rightOrigin) {
    if (decoding.readVarUint(decoder) === 1) root = readText(decoder, 200)
    else parent = readId(decoder)
    if (isLater(parent)) throw new BadFrame('an item hangs in one that comes after it')
    if (info & 32) key = readText(decoder, 1200)
  }
  const { length, type, odd = false } = readContent(decoder, ref)
  visit({ client, clock, length, root, parent, origin, rightOrigin, key, content, type, odd, bytes: decoder.pos - start })
  return length
}

function positive(length: number): number {
  if (length < 1 || length > maxClock) throw new BadFrame('a length is out of range')
  return length
}

function readText(decoder: decoding.Decoder, max: number): string {
  const text = decoding.readVarString(decoder)
  if (text.length > max) throw new BadFrame('a name is too long')
  return text
}

type Content = { length: number; type?: number; odd?: boolean }

/** `length` is in clock ticks. */
function readContent(decoder: decoding.Decoder, ref: number): Content {
  switch (ref) {
    case 1:
      return { length: positive(decoding.readVarUint(decoder)) }
    case 2: {
      const count = positive(readCount(decoder, 1))
      for (let i = 0; i < count; i++) {
        const json = decoding.readVarString(decoder)
        if (json !== 'undefined') JSON.parse(json)
      }
      return { length: count }
    }
    case 3:
      decoding.readVarUint8Array(decoder)
      return { length: 1 }
    case 4:
      return { length: positive(decoding.readVarString(decoder).length) }
    case 5:
      JSON.parse(decoding.readVarString(decoder))
      return { length: 1 }
    case 6:
      readText(decoder, 200)
      JSON.parse(decoding.readVarString(decoder))
      return { length: 1 }
    case 7: {
      const type = decoding.readVarUint(decoder)
      if (type > 6) throw new BadFrame('no such type')
      if (type === 3 || type === 5) readText(decoder, 200)
      return { length: 1, type }
    }
    case 8: {
      const count = positive(readCount(decoder, 1))
      let odd = false
      for (let i = 0; i < count; i++) odd = skipAny(decoder, 0) || odd
      return { length: count, odd }
    }
    default:
      decoding.readVarString(decoder)
      skipAny(decoder, 0)
      return { length: 1 }
  }
}

/** One value of lib0's `any` encoding. @returns whether JSON has no word for something in it */
function skipAny(decoder: decoding.Decoder, depth: number): boolean {
  if (depth > limits.valueDepth) throw new BadFrame('a value is nested too deeply')
  switch (decoding.readUint8(decoder)) {
    case 127: // undefined
    case 126: // null
    case 121: // false
    case 120: // true
      return false
    case 125:
      decoding.readVarInt(decoder)
      return false
    case 124:
      decoding.readFloat32(decoder)
      return false
    case 123:
      decoding.readFloat64(decoder)
      return false
    case 122:
      decoding.readBigInt64(decoder)
      return true
    case 119:
      decoding.readVarString(decoder)
      return false
    case 118: {
      const keys = readCount(decoder, 2)
      let odd = false
      for (let i = 0; i < keys; i++) {
        if (decoding.readVarString(decoder) === '__proto__') throw new BadFrame('a key is not allowed')
        odd = skipAny(decoder, depth + 1) || odd
      }
      return odd
    }
    case 117: {
      const values = readCount(decoder, 1)
      let odd = false
      for (let i = 0; i < values; i++) odd = skipAny(decoder, depth + 1) || odd
      return odd
    }
    case 116:
      decoding.readVarUint8Array(decoder)
      return true
    default:
      throw new BadFrame('no such value')
  }
}

function readDeletes(decoder: decoding.Decoder, deleted: Stretch): void {
  const clients = readCount(decoder, 2)
  for (let i = 0; i < clients; i++) {
    const client = decoding.readVarUint(decoder)
    const ranges = readCount(decoder, 2)
    for (let j = 0; j < ranges; j++) {
      const clock = decoding.readVarUint(decoder)
      const length = positive(decoding.readVarUint(decoder))
      if (clock > maxClock) throw new BadFrame('a deletion is out of range')
      deleted(client, clock, length)
    }
  }
}
