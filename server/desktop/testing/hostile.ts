import { encodings, key, pointer, updateRequest } from './rfb-client.ts'
import type { RfbClient } from './rfb-client.ts'

/** A chance that can be had again. */
export function createChance(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    bytes: (count: number) => Buffer.from(Array.from({ length: count }, () => below(256))),
    one: <T>(list: readonly T[]) => list[below(list.length)] as T,
  }
}

export type Chance = ReturnType<typeof createChance>

const u16 = (value: number) => Buffer.from([value >> 8, value & 255])
const u32 = (value: number) => {
  const out = Buffer.alloc(4)
  out.writeUInt32BE(value >>> 0)
  return out
}

/** One message of a viewer that means harm: well-formed and acting, well-formed with nonsense in it, or nonsense. */
export function hostileMessage(chance: Chance): Buffer {
  const { below, bytes } = chance
  const clip = below(300)
  const known: (() => Buffer)[] = [
    () => key(below(0xffff), below(2) === 1),
    () => pointer(below(1280), below(800), below(128)),
    () => Buffer.concat([Buffer.from([5, 0x80 | below(128)]), bytes(5)]),
    () => Buffer.concat([Buffer.from([6, 0, 0, 0]), u32(clip), bytes(clip)]),
    () => Buffer.concat([Buffer.from([6, 0, 0, 0]), u32(-clip), bytes(clip)]),
    () => Buffer.concat([Buffer.from([250, 0, 1, below(5)])]),
    () => Buffer.concat([Buffer.from([251, 0]), u16(below(3000)), u16(below(3000)), Buffer.from([2, 0]), bytes(32)]),
    () => Buffer.concat([Buffer.from([253, 0x80 | below(2)]), u16(clip), bytes(clip)]),
    () => Buffer.concat([Buffer.from([253, below(2), clip & 255, clip >> 8]), bytes(clip)]),
    () => Buffer.concat([Buffer.from([255, 0]), bytes(10)]),
    () => Buffer.concat([Buffer.from([255, 1, 0, below(2)])]),
    () => Buffer.concat([Buffer.from([255, 1, 0, 2]), bytes(6)]),
    () => Buffer.concat([Buffer.from([0, 0, 0, 0]), bytes(16)]),
    () => encodings(...Array.from({ length: below(20) }, () => below(40) - 20)),
    () => updateRequest(below(65536), below(65536), true),
    () => Buffer.concat([Buffer.from([150]), bytes(9)]),
    () => Buffer.concat([Buffer.from([248, 0, 0, 0]), bytes(4), Buffer.from([clip & 255]), bytes(clip & 255)]),
  ]
  // What acts is what matters: unknown types end the socket, and with it the attempt.
  return below(200) === 0 ? bytes(1 + below(40)) : chance.one(known)()
}

/**
 * Sends hostile messages, cut at random into frames, over connections that are made anew whenever one is closed.
 * @param connect a connection after its handshake
 */
export async function attack(count: number, chance: Chance, connect: () => Promise<RfbClient>): Promise<{ sent: number; connections: number }> {
  let client = await connect()
  let connections = 1
  for (let sent = 0; sent < count;) {
    if (client.ws.readyState !== client.ws.OPEN) {
      client = await connect()
      connections++
    }
    const batch = Array.from({ length: Math.min(20, count - sent) }, () => hostileMessage(chance))
    sent += batch.length
    const stream = Buffer.concat(batch)
    for (let at = 0; at < stream.length;) {
      const size = 1 + chance.below(chance.below(10) === 0 ? 400 : 24)
      client.send(stream.subarray(at, at + size))
      at += size
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  // Everything has been read when it answers, or closes.
  client.ws.ping()
  await Promise.race([new Promise((resolve) => client.ws.once('pong', resolve)), client.closed])
  client.ws.terminate()
  return { sent: count, connections }
}
