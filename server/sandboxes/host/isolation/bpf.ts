/*
 * Classic BPF, the language of seccomp: a program looks at one call of the kernel, one word at a time, and answers. It
 * has no loops; every jump goes forward, by at most 255 instructions.
 */

export type Instruction = { code: number; jumpTrue: number; jumpFalse: number; value: number }

const plain = (code: number, value: number): Instruction => ({ code, jumpTrue: 0, jumpFalse: 0, value })

/** Takes up the word at that offset of what the kernel shows of a call (`struct seccomp_data`). */
export const load = (offset: number) => plain(0x20, offset)
/** Keeps only these bits of the word. */
export const keepBits = (mask: number) => plain(0x54, mask)
/** Ends the program. */
export const answer = (value: number) => plain(0x06, value)

const [equal, atLeast, anySet] = [0x15, 0x35, 0x45]

/** Each of these runs `then` when the word is so, and else goes on behind it. */
export const whenEqual = (value: number, then: Instruction[]) => when(equal, value, then)
export const whenAtLeast = (value: number, then: Instruction[]) => when(atLeast, value, then)
export const whenAnySet = (mask: number, then: Instruction[]) => when(anySet, mask, then)

const when = (code: number, value: number, then: Instruction[]): Instruction[] => [
  { code, jumpTrue: 0, jumpFalse: withinReach(then.length), value },
  ...then,
]

export const unlessEqual = (value: number, then: Instruction[]): Instruction[] => [
  { code: equal, jumpTrue: withinReach(then.length), jumpFalse: 0, value },
  ...then,
]

export function whenOneOf(values: readonly number[], then: Instruction[]): Instruction[] {
  const tests = values.map((value, at): Instruction => {
    const left = values.length - 1 - at
    return { code: equal, jumpTrue: withinReach(left), jumpFalse: left === 0 ? withinReach(then.length) : 0, value }
  })
  return [...tests, ...then]
}

function withinReach(jump: number): number {
  if (jump > 255) throw new RangeError(`a jump over ${jump} instructions is too far`)
  return jump
}

/** As the kernel reads it (`struct sock_filter`), on a little-endian machine. */
export function encode(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(({ code, jumpTrue, jumpFalse, value }, at) => {
    bytes.writeUInt16LE(code, at * 8)
    bytes.writeUInt8(jumpTrue, at * 8 + 2)
    bytes.writeUInt8(jumpFalse, at * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, at * 8 + 4)
  })
  return bytes
}
