import type { ServerInit } from './upstream-handshake.ts'
import { BadRfb, read } from './stream-parser.ts'
import type { Program } from './stream-parser.ts'

export const hello = Buffer.from('RFB 003.008\n', 'latin1')

/**
 * The server's side of a handshake, with no security of its own: who reaches it has been authorised. Whatever a viewer
 * says about sharing, it shares. `done` is told when the viewer waits for ServerInit.
 */
export function* viewerHandshake(say: (bytes: Buffer) => void, done: () => void): Program {
  const version = (yield* read(12)).toString('latin1')
  const minor = /^RFB 003\.(00[378]|889)\n$/.exec(version)?.[1]
  if (!minor) throw new BadRfb('versions 3.3, 3.7 and 3.8 of RFB are spoken here')
  if (minor === '003') say(Buffer.from([0, 0, 0, 1]))
  else {
    say(Buffer.from([1, 1]))
    const chosen = yield* read(1)
    if (chosen[0] !== 1) throw new BadRfb('only security type 1 (none) was offered')
    if (minor !== '007') say(Buffer.alloc(4))
  }
  yield* read(1)
  done()
}

/** ServerInit as viewers see it: under the room's own name for its desktop. */
export function serverInit({ width, height, format }: ServerInit, name = 'Desktop'): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt16BE(width, 0)
  head.writeUInt16BE(height, 2)
  format.copy(head, 4)
  head.writeUInt32BE(Buffer.byteLength(name), 20)
  return Buffer.concat([head, Buffer.from(name)])
}
