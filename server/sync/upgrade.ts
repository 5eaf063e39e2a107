import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { documentKinds } from '#shared/wire/document-kinds.ts'
import { isOutdated, versionParameter } from '#shared/wire/protocol.ts'
import { type Budget, createBudget } from '../base/budget.ts'
import { carryLogFields, logFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { type Credential, headersOf, parseName, type Rights, searchOf } from './document-access.ts'
import type { Connections } from './connections.ts'
import { authFrame, deniedFrame, type Frame, messageType, quietFrame, readFrame } from './frames.ts'
import type { Context, GuardedHocuspocus } from './hocuspocus.ts'
import { limits } from './limits.ts'
import { createRelay, type Elsewhere } from './relay.ts'
import { type CloseCode, createSocket } from './socket.ts'
import { yjsTranslation } from './yjs-protocol.ts'

type Owner = {
  is(userId: UserId): boolean
  /** Another process knows who it is. */
  isKnown(): void
  left(): void
}

type Deps = {
  server: WebSocketServer
  hocuspocus: GuardedHocuspocus
  rights: Rights
  connections: Connections
  now: () => number
  log: Logger
  /** Open sockets of each person, of every kind. */
  openSockets: Budget
  /** Undefined where one process serves every room. */
  elsewhere: Elsewhere | undefined
  stopping(): boolean
}

/** Websockets from their first request on: whose they are, and which protocol they speak. */
export function createUpgrade({ server, hocuspocus, rights, connections, now, log, openSockets, elsewhere, stopping }: Deps) {
  const nameless = createBudget(limits.namelessPerAddress)
  /** Expiry has no event, and another process may have ended a credential: each is looked at again now and then. */
  function recheck(): void {
    for (const socket of connections.sockets) {
      for (const [id, credential] of socket.credentials) {
        credential.check().then(
          (valid) => valid || connections.credentialEnded(id),
          (error: unknown) => log.warn({ err: error }, 'could not look at a credential again'),
        )
      }
    }
  }
  const rechecking = setInterval(recheck, limits.recheckMs)
  rechecking.unref()

  function serve(ws: WebSocket, request: IncomingMessage, owner: Owner, credential: Credential | undefined, document: string | undefined): void {
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
    // What is done about a message is logged with the request that opened the socket, and with whose it was then.
    carryLogFields(ws, { ...logFields(), userId: credential?.principal.userId })
    ws.once('close', (code, reason) => {
      connections.removeSocket(socket)
      relay?.close()
      owner.left()
      connection.handleClose({ code, reason: reason.toString() })
    })
    if (document !== undefined) connection.handleMessage(authFrame(document, ''))

    /** Hocuspocus would queue what comes before a sign-in, or after its refusal, and end the socket when that grows long. */
    function asked({ address, document }: Frame): boolean {
      const { hookPayloads } = connection as unknown as { hookPayloads: Record<string, unknown> }
      return Object.hasOwn(hookPayloads, address) || Object.hasOwn(hookPayloads, document)
    }

    function isOpen({ address, document }: Frame): boolean {
      const { documentConnections } = connection as unknown as { documentConnections: Record<string, unknown> }
      return Object.hasOwn(documentConnections, address) || Object.hasOwn(documentConnections, document)
    }

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
      } else if (!asked(frame)) {
        // A client goes on sending about a document that it was refused, or that was closed.
        return
      } else if (data.length > limits.frameBytes && !isOpen(frame)) {
        // It would be queued until the sign-in is through. After that the client is asked for all that the document lacks.
        return
      }
      lastAddress = frame.address
      connection.handleMessage(data)
    }
  }

  /** Whose it is: at first perhaps nobody's, then of whoever signs in on it. Undefined when they have as many as they may. */
  function ownerOf(ws: WebSocket, address: string, credential: Credential | undefined): Owner | undefined {
    const person = credential?.principal.userId
    let taken = person === undefined ? nameless.take(address) : openSockets.take(person)
    if (!taken) return undefined
    let owner = person
    const late = setTimeout(() => owner === undefined && closeSoon(ws, closeCodes.unauthenticated), limits.namelessMs)
    late.unref()
    return {
      is(userId) {
        if (owner !== undefined) return true
        const theirs = openSockets.take(userId)
        if (!theirs) return false
        taken?.()
        ;[taken, owner] = [theirs, userId]
        clearTimeout(late)
        return true
      },
      isKnown: () => clearTimeout(late),
      left() {
        taken?.()
        clearTimeout(late)
      },
    }
  }

  async function accept(request: IncomingMessage, stream: Duplex, head: Buffer, document: string | undefined): Promise<void> {
    if (isOutdated(searchOf(request).get(versionParameter)))
      return server.handleUpgrade(request, stream, head, (ws) => turnAway(ws, closeCodes.outdated))
    const { credential, refused } = await rights.ofSocket(request)
    if (refused === 'origin') return refuse(stream, '403 Forbidden')
    if (stopping()) return refuse(stream, '503 Service Unavailable')
    server.handleUpgrade(request, stream, head, (ws) => {
      const isNobody = refused === 'token' || (document !== undefined && !credential)
      const owner = isNobody ? undefined : ownerOf(ws, request.socket.remoteAddress ?? '', credential)
      if (owner) return serve(ws, request, owner, credential, document)
      turnAway(ws, isNobody ? closeCodes.unauthenticated : closeCodes.tooManySockets)
    })
  }

  return {
    handle(request: IncomingMessage, stream: Duplex, head: Buffer): boolean {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      const yjs = path.startsWith('/yjs/')
      if (path !== '/sync' && path !== '/sync/' && !yjs) return false
      const ignore = () => undefined
      stream.on('error', ignore)
      const document = yjs ? decodePath(path.slice('/yjs/'.length)) : undefined
      const name = document === undefined ? undefined : parseName(document)
      if (yjs && (!name || !documentKinds[name.kind].plainYjs)) {
        refuse(stream, '404 Not Found')
        return true
      }
      accept(request, stream, head, document).then(
        () => stream.off('error', ignore),
        (error: unknown) => {
          log.error({ err: error }, 'could not accept a websocket')
          refuse(stream, '503 Service Unavailable')
        },
      )
      return true
    },
    /** Looks at every credential again. */
    recheck,
    stop: () => clearInterval(rechecking),
  }
}

/** Closes a socket that nothing else looks after. */
function turnAway(ws: WebSocket, why: CloseCode): void {
  ws.on('error', () => undefined)
  closeSoon(ws, why)
}

function closeSoon(ws: WebSocket, { code, reason }: CloseCode): void {
  ws.close(code, reason)
  setTimeout(() => ws.terminate(), 1_000).unref()
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
