import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { BadFrame, messageType } from './frames.ts'
import type { Translation } from './socket.ts'

/** What a y-websocket client sends: sync, awareness, and the question who is there. */
const fromClients: ReadonlySet<number> = new Set([messageType.sync, messageType.awareness, messageType.queryAwareness])

/**
 * The y-websocket protocol, whose socket is one document: the same messages without the document's name in front. What only
 * Hocuspocus clients understand is left out; a refusal becomes y-websocket's own and closes the socket.
 */
export function yjsTranslation(document: string): Translation {
  const prefix = encoding.encode((encoder) => encoding.writeVarString(encoder, document))
  return {
    inbound(data) {
      const type = data[0]
      if (type === undefined || !fromClients.has(type)) throw new BadFrame('not a message of y-websocket')
      // Who is there is sent on joining and on every change.
      return type === messageType.queryAwareness ? undefined : Buffer.concat([prefix, data])
    },
    outbound(data) {
      const decoder = decoding.createDecoder(data)
      decoding.readVarString(decoder)
      const body = data.subarray(decoder.pos)
      switch (decoding.readVarUint(decoder)) {
        case messageType.sync:
        case messageType.awareness:
          return body
        case messageType.syncReply: {
          const reply = Uint8Array.from(body)
          reply[0] = messageType.sync
          return reply
        }
        case messageType.auth:
          return decoding.readVarUint(decoder) === 1 ? closeCodes.forbidden : undefined
        case messageType.close: {
          const reason = decoding.readVarString(decoder)
          return Object.values(closeCodes).find((known) => known.reason === reason) ?? closeCodes.badFrame
        }
        default:
          return undefined
      }
    },
  }
}
