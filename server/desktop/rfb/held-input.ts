import type { ClientMessage } from './client-messages.ts'

/** Remembers which keys and buttons somebody holds down, and how to let go of them. */
export function createHeldInput() {
  /** The message that pressed each key. */
  const keys = new Map<string, Buffer>()
  let pointer: Buffer | undefined

  return {
    /** A key or pointer message that went to the desktop. */
    sent({ kind, bytes }: ClientMessage): void {
      if (kind === 'pointer') pointer = bytes
      const down = kind === 'key' ? bytes[1] !== 0 : kind === 'qemuKey' && bytes.readUInt16BE(2) !== 0
      const name = kind === 'key' ? `k${bytes.readUInt32BE(4)}` : kind === 'qemuKey' ? `q${bytes.readUInt32BE(8)}` : undefined
      if (name === undefined) return
      if (down) keys.set(name, bytes)
      else keys.delete(name)
    },

    /** What the desktop must be sent so that nothing is held any more. */
    release(): Buffer[] {
      const ups = [...keys.values()].map((pressed) => {
        const up = Buffer.from(pressed)
        if (up[0] === 255) up.writeUInt16BE(0, 2)
        else up[1] = 0
        return up
      })
      keys.clear()
      if (pointer && (pointer[1] !== 0 || pointer.length > 6)) {
        ups.push(Buffer.from([5, 0, ...pointer.subarray(2, 6)]))
      }
      pointer = undefined
      return ups
    },
  }
}
