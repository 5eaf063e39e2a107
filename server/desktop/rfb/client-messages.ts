import { BadRfb, drop, read } from './stream-parser.ts'
import type { Program } from './stream-parser.ts'

/** Bytes of a clipboard; a longer one closes the connection. */
export const maxClipboard = 1024 * 1024

export type ClientMessageKind =
  | 'pixelFormat'
  | 'encodings'
  | 'updateRequest'
  | 'key'
  | 'pointer'
  | 'clipboard'
  | 'continuous'
  | 'fence'
  | 'xvp'
  | 'desktopSize'
  | 'gii'
  | 'qemuKey'
  | 'qemuAudio'

export type ClientMessage = { kind: ClientMessageKind; bytes: Buffer }

/** What acts on the desktop: for whoever has control alone. */
export const isInput = (kind: ClientMessageKind): boolean => !view.has(kind)
const view = new Set<ClientMessageKind>(['pixelFormat', 'encodings', 'updateRequest', 'continuous', 'fence'])

/** The clipboard is longer than it may be. */
export class TooLong extends BadRfb {
  override name = 'TooLong'
}

/**
 * Cuts what a client sends after its handshake into messages, each handed over whole. `wanted` is asked before the body of
 * a long message is kept; when it says no, the body is let go as it comes.
 * @throws BadRfb for a type it does not know: what follows could not be understood
 */
export function* clientMessages(take: (message: ClientMessage) => void, wanted: (kind: ClientMessageKind) => boolean): Program {
  for (;;) {
    const type = yield* read(1)
    switch (type[0]) {
      case 0:
        yield* whole('pixelFormat', type, 19)
        break
      case 2: {
        const head = yield* read(3)
        yield* body('encodings', [type, head], 4 * head.readUInt16BE(1))
        break
      }
      case 3:
        yield* whole('updateRequest', type, 9)
        break
      case 4:
        yield* whole('key', type, 7)
        break
      case 5: {
        const mask = yield* read(1)
        const rest = yield* read((mask[0] ?? 0) & 0x80 ? 5 : 4)
        take({ kind: 'pointer', bytes: Buffer.concat([type, mask, rest]) })
        break
      }
      case 6: {
        const head = yield* read(7)
        const length = Math.abs(head.readInt32BE(3))
        if (length > maxClipboard) throw new TooLong('the clipboard is too long')
        yield* body('clipboard', [type, head], length)
        break
      }
      case 150:
        yield* whole('continuous', type, 9)
        break
      case 248: {
        const head = yield* read(8)
        yield* body('fence', [type, head], head.readUInt8(7))
        break
      }
      case 250:
        yield* whole('xvp', type, 3)
        break
      case 251: {
        const head = yield* read(7)
        yield* body('desktopSize', [type, head], 16 * head.readUInt8(5))
        break
      }
      case 253: {
        const head = yield* read(3)
        const big = ((head[0] ?? 0) & 0x80) !== 0
        yield* body('gii', [type, head], big ? head.readUInt16BE(1) : head.readUInt16LE(1))
        break
      }
      case 255: {
        const sub = yield* read(1)
        if (sub[0] === 0) yield* body('qemuKey', [type, sub], 10)
        else if (sub[0] === 1) {
          const operation = yield* read(2)
          yield* body('qemuAudio', [type, sub, operation], operation.readUInt16BE(0) === 2 ? 6 : 0)
        } else throw new BadRfb(`unknown message 255, ${sub[0]}`)
        break
      }
      default:
        throw new BadRfb(`unknown message type ${type[0]}`)
    }
  }

  function* whole(kind: ClientMessageKind, type: Buffer, rest: number): Program {
    yield* body(kind, [type], rest)
  }
  function* body(kind: ClientMessageKind, head: Buffer[], length: number): Program {
    if (length > 64 && !wanted(kind)) return yield* drop(length)
    take({ kind, bytes: Buffer.concat([...head, yield* read(length)]) })
  }
}
