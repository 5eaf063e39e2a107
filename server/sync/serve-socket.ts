import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import { carryLogFields, logFields } from '../base/log-fields.ts'
import type { Connections } from './connections.ts'
import { type Credential, headersOf, parseName } from './document-access.ts'
import { authFrame, deniedFrame, type Frame, messageType, quietFrame, readFrame } from './frames.ts'
import type { Context, GuardedHocuspocus } from './hocuspocus.ts'
import { limits } from './limits.ts'
import { createRelay, type Elsewhere } from './relay.ts'
import { createSocket } from './socket.ts'
import type { SocketOwner } from './socket-owner.ts'
import { yjsTranslation } from './yjs-protocol.ts'

export type ServeDeps = {
  hocuspocus: GuardedHocuspocus
  connections: Connections
  now: () => number
  /** Undefined where one process serves every room. */
  elsewhere: Elsewhere | undefined
}

/** `document`: the one that it is for, where its client speaks the plain protocol of Yjs; undefined for ours, which names documents itself. */
type Opened = { ws: WebSocket; request: IncomingMessage; owner: SocketOwner; credential: Credential | undefined; document: string | undefined }

/** Serves a socket until it closes: what comes goes to Hocuspocus, or to the process that has the room. */
export function serveSocket({ hocuspocus, connections, now, elsewhere }: ServeDeps, { ws, request, owner, credential, document }: Opened): void {
  const web = new Request(new URL(request.url ?? '/', 'http://server'), { headers: headersOf(request) })
  const socket = createSocket({
    ws,
    count: owner.is,
    credential,
    translation: document === undefined ? undefined : yjsTranslation(document),
    now,
    receive,
    alive() {
      connection.lastMessageReceivedAt = Date.now()
      // Clients that hear nothing for 30 s reconnect; a document alone may be silent for longer.
      if (lastAddress !== undefined) socket.like.send(quietFrame(lastAddress))
    },
  })
  let lastAddress = document
  const relay =
    elsewhere && document === undefined
      ? createRelay(request, elsewhere, {
          send: (data) => socket.like.send(data),
          close: socket.close,
          receive: (data) => serveFrame(readFrame(data), data),
          recognised: owner.isKnown,
        })
      : undefined
  const context: Context = { socket }
  const connection = hocuspocus.handleConnection(socket.like, web, context)
  connections.addSocket(socket)
  // Messages are logged with the fields of the request that opened the socket, and with the person it was opened for.
  carryLogFields(ws, { ...logFields(), userId: credential?.principal.userId })
  ws.once('close', (code, reason) => {
    connections.removeSocket(socket)
    relay?.close()
    owner.left()
    connection.handleClose({ code, reason: reason.toString() })
  })
  if (document !== undefined) connection.handleMessage(authFrame(document, ''))

  function receive(data: Uint8Array) {
    // Application-level pings and pongs are single bytes.
    if (data.length === 1 && data[0] === messageType.pong) return
    if (data.length === 1 && data[0] === messageType.ping) return ws.send(Uint8Array.of(messageType.pong))
    const frame = readFrame(data)
    if (relay?.take(frame, data)) lastAddress = frame.address
    else serveFrame(frame, data)
  }

  function serveFrame(frame: Frame, data: Uint8Array) {
    if (frame.type === messageType.auth) {
      if (!parseName(frame.document)) return socket.like.send(deniedFrame(frame.address, 'permission-denied'))
    } else if (!isAsked(connection, frame)) {
      // A client goes on sending about a document that it was refused, or that was closed.
      return
    } else if (data.length > limits.frameBytes && !isOpen(connection, frame)) {
      // It would be queued until the sign-in is through. After that the client is asked for all that the document lacks.
      return
    }
    lastAddress = frame.address
    connection.handleMessage(data)
  }
}

type HocuspocusConnection = ReturnType<GuardedHocuspocus['handleConnection']>

/** Hocuspocus would queue what comes before a sign-in, or after its refusal, and end the socket when that grows long. */
function isAsked(connection: HocuspocusConnection, { address, document }: Frame): boolean {
  const { hookPayloads } = connection as unknown as { hookPayloads: Record<string, unknown> }
  return Object.hasOwn(hookPayloads, address) || Object.hasOwn(hookPayloads, document)
}

function isOpen(connection: HocuspocusConnection, { address, document }: Frame): boolean {
  const { documentConnections } = connection as unknown as { documentConnections: Record<string, unknown> }
  return Object.hasOwn(documentConnections, address) || Object.hasOwn(documentConnections, document)
}
