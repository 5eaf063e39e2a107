import { pick } from '../../testing/chance.ts'

const lengths = [0x00, 0x7f, 0x80, 0xff]

/** Damage anywhere: most of what comes out is not well-formed. */
export function mutate(valid: Uint8Array, corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const frame = Uint8Array.from(valid)
  const at = () => Math.floor(random() * frame.length)
  switch (Math.floor(random() * 8)) {
    case 0:
      return frame.subarray(0, at())
    case 1: {
      for (let i = 0; i < 1 + random() * 8; i++) frame[at()] = Math.floor(random() * 256)
      return frame
    }
    case 2: {
      // A number that claims a great deal.
      const start = at()
      for (let i = start; i < Math.min(start + 4, frame.length); i++) frame[i] = 0xff
      return frame
    }
    case 3:
      frame[at()] = pick(lengths, random)
      return frame
    case 4:
      return Buffer.concat([frame.subarray(0, at()), pick(corpus, random)])
    case 5: {
      const cut = at()
      return Buffer.concat([frame.subarray(0, cut), crypto.getRandomValues(new Uint8Array(Math.floor(random() * 2_000))), frame.subarray(cut)])
    }
    case 6: {
      // Damage behind the name, where the protocol is.
      const from = Math.min(frame.length - 1, 40)
      for (let i = 0; i < 3; i++) frame[from + Math.floor(random() * (frame.length - from))] = Math.floor(random() * 256)
      return frame
    }
    default:
      return frame
  }
}
