import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

/** Message types of the Hocuspocus protocol. 0, 1 and 3 are y-websocket's as well. */
export const messageType = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  syncReply: 4,
  stateless: 5,
  close: 7,
  syncStatus: 8,
  ping: 9,
  pong: 10,
} as const

export const syncStep = { step1: 0, step2: 1, update: 2 } as const

/** What a client may send. 6 is between servers, 8 is the server's answer. */
const fromClients: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 7])

/** A frame that is not well-formed. Its sender's socket is closed with 4400. */
export class BadFrame extends Error {}

/** More than a document takes, from whom nothing else is wrong with: that document alone is closed. */
export class TooLarge extends Error {}

export type Frame = {
  /** As sent: the document's name, perhaps with `\0` and a session of its own. */
  address: string
  document: string
  type: number
  /** Of sync messages. */
  step: number | undefined
  /** The update, state vector, or awareness states. */
  payload: Uint8Array | undefined
}

/** @throws BadFrame when a byte is missing, left over or out of place. */
export function readFrame(data: Uint8Array): Frame {
  try {
    return read(decoding.createDecoder(data))
  } catch (error) {
    if (error instanceof BadFrame) throw error
    throw new BadFrame('the frame ends early')
  }
}

function read(decoder: decoding.Decoder): Frame {
  const address = decoding.readVarString(decoder)
  if (address.length > 1200) throw new BadFrame('the name is too long')
  const cut = address.indexOf('\0')
  const document = cut === -1 ? address : address.slice(0, cut)
  if (cut !== -1 && address.length - cut > 65) throw new BadFrame('the session is too long')
  const type = decoding.readVarUint(decoder)
  if (!fromClients.has(type)) throw new BadFrame('a client does not send this type of message')
  const frame: Frame = { address, document, type, step: undefined, payload: undefined }
  switch (type) {
    case messageType.sync:
    case messageType.syncReply:
      frame.step = decoding.readVarUint(decoder)
      if (frame.step > 2) throw new BadFrame('no such step of a sync')
      frame.payload = decoding.readVarUint8Array(decoder)
      break
    case messageType.awareness:
      frame.payload = decoding.readVarUint8Array(decoder)
      break
    case messageType.auth:
      if (decoding.readVarUint(decoder) !== 0) throw new BadFrame('a client sends a token')
      if (decoding.readVarString(decoder).length > 4096) throw new BadFrame('the token is too long')
      if (decoding.hasContent(decoder)) decoding.readVarString(decoder)
      break
    case messageType.stateless:
      if (decoding.readVarString(decoder).length > 4096) throw new BadFrame('the message is too long')
      break
    default:
      return frame
  }
  if (decoding.hasContent(decoder)) throw new BadFrame('bytes are left over')
  return frame
}

/** Whether a frame holds an update, so that it may be refused for its document alone. */
export function holdsUpdate(data: Uint8Array): boolean {
  try {
    const { type, step } = readFrame(data)
    return (type === messageType.sync || type === messageType.syncReply) && step !== syncStep.step1
  } catch {
    return false
  }
}

/** Turns a frame, in place, into one that asks to close its document: the only one that Hocuspocus takes from anybody without a word. */
export function intoClose(data: Uint8Array): void {
  const decoder = decoding.createDecoder(data)
  decoding.readVarString(decoder)
  data[decoder.pos] = messageType.close
}

/** Turns a sync frame with an update, in place, into one that changes nothing: what it held was applied already. */
export function intoEmpty(data: Uint8Array): void {
  const decoder = decoding.createDecoder(data)
  decoding.readVarString(decoder)
  decoding.readVarUint(decoder)
  decoding.readVarUint(decoder)
  // A length of two, and the shortest update there is.
  data.set([2, 0, 0], decoder.pos)
}

/** @throws BadFrame when it is no state vector. */
export function checkStateVector(payload: Uint8Array): void {
  try {
    const decoder = decoding.createDecoder(payload)
    const count = decoding.readVarUint(decoder)
    if (count * 2 > payload.length) throw new BadFrame('more clients than bytes')
    for (let i = 0; i < count * 2; i++) decoding.readVarUint(decoder)
    if (decoding.hasContent(decoder)) throw new BadFrame('bytes are left over')
  } catch (error) {
    throw error instanceof BadFrame ? error : new BadFrame('no state vector')
  }
}

/** Frames the server writes itself. */
function frame(address: string, type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, address)
  encoding.writeVarUint(encoder, type)
  write(encoder)
  return encoding.toUint8Array(encoder)
}

export const authFrame = (address: string, token: string) =>
  frame(address, messageType.auth, (encoder) => {
    encoding.writeVarUint(encoder, 0)
    encoding.writeVarString(encoder, token)
  })

export const deniedFrame = (address: string, reason: string) =>
  frame(address, messageType.auth, (encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarString(encoder, reason)
  })

/** That a token was taken, and what it gives. */
export const signedInFrame = (address: string, readOnly: boolean) =>
  frame(address, messageType.auth, (encoder) => {
    encoding.writeVarUint(encoder, 2)
    encoding.writeVarString(encoder, readOnly ? 'readonly' : 'read-write')
  })

/** An awareness message about nobody: keeps clients that expect traffic from reconnecting. */
export const quietFrame = (address: string) =>
  frame(address, messageType.awareness, (encoder) => encoding.writeVarUint8Array(encoder, Uint8Array.of(0)))

export const step1Frame = (address: string, stateVector: Uint8Array) =>
  frame(address, messageType.sync, (encoder) => {
    encoding.writeVarUint(encoder, syncStep.step1)
    encoding.writeVarUint8Array(encoder, stateVector)
  })
