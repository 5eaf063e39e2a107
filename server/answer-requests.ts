import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Hono } from 'hono'
import { guardSockets } from './base/guard.ts'
import type { Logger } from './base/logger.ts'
import type { composeFeatures } from './compose.ts'
import type { Config } from './config.ts'
import type { ClientOf } from './http/client-info.ts'
import { createHostRule } from './http/host-rule.ts'
import { createHttpServer } from './http/listen.ts'
import { inRequest } from './http/request-id.ts'
import type { AppEnv } from './http/serve.ts'

type Features = Pick<Awaited<ReturnType<typeof composeFeatures>>, 'door' | 'isPreview' | 'handleRequest' | 'handleUpgrade'>

/**
 * The server over the app, not listening yet. Each request and each upgrade goes on only by a name of this server, then to the process where its
 * room is, then to a preview, and what is left to the app.
 */
export function answerRequests(
  app: Hono<AppEnv>,
  { config, features, clientOf, log }: { config: Pick<Config, 'hosts' | 'host'>; features: Features; clientOf: ClientOf; log: Logger },
): Server {
  const names = createHostRule({ hosts: config.hosts, listensOn: config.host, isPreview: features.isPreview })
  const answerPreview = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    features.isPreview(incoming.headers.host) && inRequest(incoming, clientOf, () => features.handleRequest(incoming, outgoing))
  const server = createHttpServer(app, log, (incoming, outgoing, serve) => {
    if (names.refuseRequest(incoming, outgoing)) return true
    const serveHere = () => void (answerPreview(incoming, outgoing) || serve())
    if (!inRequest(incoming, clientOf, () => features.door?.handleRequest(incoming, outgoing, serveHere))) serveHere()
    return true
  })
  server.on(
    'upgrade',
    guardSockets(log, (request, socket, head) => {
      if (names.refuseUpgrade(request, socket)) return
      const serve = () => {
        if (!inRequest(request, clientOf, () => features.handleUpgrade(request, socket, head))) refuseUpgrade(socket)
      }
      if (!features.door?.handleUpgrade(request, socket, head, serve)) serve()
    }),
  )
  return server
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy())
  socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}
