import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { documentKinds } from '#shared/wire/document-kinds.ts'
import { isOutdated, versionParameter } from '#shared/wire/protocol.ts'
import type { Budget } from '../base/budget.ts'
import type { Logger } from '../base/logger.ts'
import { parseName, type Rights, searchOf } from './document-access.ts'
import { limits } from './limits.ts'
import type { CloseCode } from './socket.ts'
import { serveSocket, type ServeDeps } from './serve-socket.ts'
import { closeSoon, createSocketOwners } from './socket-owner.ts'

type Deps = ServeDeps & {
  server: WebSocketServer
  rights: Rights
  log: Logger
  /** Open sockets of each person, of every kind. */
  openSockets: Budget
  stopping(): boolean
}

/** Websockets from their first request on: whose they are, and which protocol they speak. */
export function createUpgrade(deps: Deps) {
  const { server, rights, connections, log, stopping } = deps
  const owners = createSocketOwners(deps.openSockets)

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

  async function accept(request: IncomingMessage, stream: Duplex, head: Buffer, document: string | undefined): Promise<void> {
    if (isOutdated(searchOf(request).get(versionParameter)))
      return server.handleUpgrade(request, stream, head, (ws) => turnAway(ws, closeCodes.outdated))
    const { credential, refused } = await rights.ofSocket(request)
    if (refused === 'origin') return refuse(stream, '403 Forbidden')
    if (stopping()) return refuse(stream, '503 Service Unavailable')
    server.handleUpgrade(request, stream, head, (ws) => {
      const isNobody = refused === 'token' || (document !== undefined && !credential)
      const owner = isNobody ? undefined : owners.of(ws, request.socket.remoteAddress ?? '', credential)
      if (owner) return serveSocket(deps, { ws, request, owner, credential, document })
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
