import { once } from 'node:events'
import * as encoding from 'lib0/encoding'
import type { WebSocket } from 'ws'
import { authFrame, messageType } from '../frames.ts'

/** A frame of the Hocuspocus protocol, as a hand-written client would send it. */
export function rawFrame(address: string, type: number, write: (encoder: encoding.Encoder) => void = () => undefined): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address)
    encoding.writeVarUint(encoder, type)
    write(encoder)
  })
}

export const syncFrame = (address: string, step: 0 | 1 | 2, payload: Uint8Array, type: number = messageType.sync) =>
  rawFrame(address, type, (encoder) => {
    encoding.writeVarUint(encoder, step)
    encoding.writeVarUint8Array(encoder, payload)
  })

export const awarenessFrame = (address: string, entries: [client: number, clock: number, state: unknown][]) =>
  rawFrame(address, messageType.awareness, (encoder) => {
    const states = encoding.encode((inner) => {
      encoding.writeVarUint(inner, entries.length)
      for (const [client, clock, state] of entries) {
        encoding.writeVarUint(inner, client)
        encoding.writeVarUint(inner, clock)
        encoding.writeVarString(inner, JSON.stringify(state))
      }
    })
    encoding.writeVarUint8Array(encoder, states)
  })

export const statelessFrame = (address: string, payload: unknown) =>
  rawFrame(address, messageType.stateless, (encoder) =>
    encoding.writeVarString(encoder, typeof payload === 'string' ? payload : JSON.stringify(payload)),
  )

/** Opens and signs in to one document; resolves with what comes back, a list that grows. */
export async function joinRaw(ws: WebSocket, address: string, token: string): Promise<Buffer[]> {
  const received: Buffer[] = []
  ws.on('message', (data: Buffer) => received.push(data))
  ws.on('error', () => undefined)
  if (ws.readyState !== ws.OPEN) await once(ws, 'open')
  ws.send(authFrame(address, token))
  ws.send(syncFrame(address, 0, Uint8Array.of(0)))
  while (received.length < 2) await once(ws, 'message')
  return received
}

/** The code with which the server closes. */
export const closedWith = (ws: WebSocket) => new Promise<number>((resolve) => ws.once('close', resolve))
