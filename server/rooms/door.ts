import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import { logFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { type ClientOf, noteForwarded, peerOf } from '../http/client-info.ts'
import { errorBody } from '../http/error-body.ts'
import { forwardRequest, forwardSocket, reach } from './forward.ts'
import type { Links } from './links.ts'
import type { Place, Places } from './places.ts'
import type { RoomRef } from './room-of.ts'
import { forwardedHeader, type Seal } from './seal.ts'

type Deps = {
  places: Places
  links: Pick<Links, 'addSocket'>
  roomOf(request: IncomingMessage): RoomRef | undefined
  seal: Seal
  clientOf: ClientOf
  clock: Clock
  log: Logger
}

const unavailable = errorBody('unavailable', 'This room is moving to another server process. Try again in a moment.')
const socketUnavailable = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/**
 * Stands before all routes where several processes share a database: what touches a room is served where the room is. A room that is nobody's
 * is taken; a request for any other is passed on, once, with the address of whoever asks.
 */
export function createDoor({ places, links, roomOf, seal, clientOf, clock, log }: Deps) {
  const reachLinked = async (url: string) => links.addSocket(url, await reach(url))

  /** Notes whose request it is, when another process passed it on. */
  function receive(incoming: IncomingMessage): boolean {
    const header = incoming.headers[forwardedHeader]
    if (typeof header !== 'string') return false
    // Nobody behind us reads it, and a request that is passed on again has no use for it.
    delete incoming.headers[forwardedHeader]
    const forwarded = seal.open(header, { method: incoming.method ?? '', url: incoming.url ?? '', now: clock.now() })
    if (forwarded) noteForwarded(incoming, { address: forwarded.address, origin: forwarded.origin, secure: forwarded.secure })
    return forwarded !== undefined
  }

  /** @param url as it is asked for there */
  function extraFor(incoming: IncomingMessage, url = incoming.url ?? ''): Record<string, string> {
    const headers = new Headers()
    for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value)
    const { address, origin, secure } = clientOf(peerOf(incoming), headers)
    const { requestId } = logFields()
    const sealed = seal.close({ address, origin, secure, method: incoming.method ?? '', url, at: clock.now() })
    return { [forwardedHeader]: sealed, ...(typeof requestId === 'string' && { 'x-request-id': requestId }) }
  }

  return {
    /** Says to another process for whom a request is passed on. */
    extraFor,

    /** Whether another process passed the request on. */
    isForwarded: (incoming: IncomingMessage) => typeof peerOf(incoming) === 'object',

    /** True when the request is about a room, and taken care of: passed on, or handed to `serve` once the room is here. */
    handleRequest(incoming: IncomingMessage, outgoing: ServerResponse, serve: () => void): boolean {
      const wasForwarded = receive(incoming)
      const ref = roomOf(incoming)
      if (!ref) return false
      const route = (place: Place<Socket>) => {
        if (outgoing.destroyed) return leave(place)
        if (place.at === 'here') {
          outgoing.once('close', () => leave(place))
          serve()
        } else if (place.at === 'there') forwardRequest(place.there, incoming, outgoing, extraFor(incoming), () => refuse(outgoing))
        else refuse(outgoing)
      }
      places
        .find(ref, reachLinked, wasForwarded)
        .then(route)
        .catch((error: unknown) => {
          log.error({ err: error }, 'a request about a room failed')
          if (outgoing.headersSent) outgoing.destroy()
          else refuse(outgoing)
        })
      return true
    },

    handleUpgrade(incoming: IncomingMessage, stream: Duplex, head: Buffer, serve: () => void): boolean {
      const wasForwarded = receive(incoming)
      const ref = roomOf(incoming)
      if (!ref) return false
      const route = (place: Place<Socket>) => {
        if (stream.destroyed) return leave(place)
        if (place.at === 'here') {
          stream.once('close', () => leave(place))
          serve()
        } else if (place.at === 'there') forwardSocket(place.there, incoming, stream, head, extraFor(incoming))
        else stream.end(socketUnavailable)
      }
      places
        .find(ref, reachLinked, wasForwarded)
        .then(route)
        .catch((error: unknown) => {
          log.error({ err: error }, 'a socket of a room failed')
          stream.destroy()
        })
      return true
    },
  }
}

/** Whoever asked has gone, or has been answered. */
function leave(place: Place<Socket>): void {
  if (place.at === 'here') place.hold?.release()
  if (place.at === 'there') place.there.destroy()
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' }).end(unavailable)
}
