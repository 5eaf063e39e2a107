import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { ProjectId, type UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Budget } from '../base/budget.ts'
import { carryLogFields, logFields, withLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import { closeSocket, openSocket } from './open-socket.ts'
import type { Credential, OpenSocket, RoomSocket, SocketRoute } from './open-socket.ts'
import { roleBy } from './role-by.ts'

export type { RoomSocket, SocketRoute }

type Deps = {
  /** `refused` when a cookie came from a foreign page, or a token is none. */
  ofSocket(request: IncomingMessage): Promise<{ credential: Credential | undefined; refused: 'origin' | 'token' | undefined }>
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  /** Open sockets of each person, of every kind. */
  openSockets: Budget
  log: Logger
}

const recheckMs = 30_000

export type RoomSockets = ReturnType<typeof createRoomSockets>

/**
 * Websockets of a room beside its documents. Whose they are and what they may is decided here: by cookie and origin, or by
 * `?token=`; a membership or credential that ends closes them within a second.
 */
export function createRoomSockets({ ofSocket, roleOf, openSockets, log }: Deps) {
  const routes: (SocketRoute & { server: WebSocketServer })[] = []
  const open = new Set<OpenSocket>()
  let stopping = false

  function recheck(): void {
    for (const socket of open) {
      socket.credential.check().then(
        (valid) => valid || socket.close(closeCodes.unauthenticated),
        (error: unknown) => log.warn({ err: error }, 'could not look at a credential again'),
      )
    }
  }
  const rechecking = setInterval(recheck, recheckMs)
  rechecking.unref()

  async function accept(
    route: (typeof routes)[number],
    request: IncomingMessage,
    stream: Duplex,
    head: Buffer,
    projectId: ProjectId,
    groups: string[],
  ) {
    const { credential, refused } = await ofSocket(request)
    if (refused === 'origin') return refuse(stream, '403 Forbidden')
    if (stopping) return refuse(stream, '503 Service Unavailable')
    const own = credential && (await roleOf(credential.principal.userId, projectId))
    const role = own && roleBy(credential.principal, own)
    route.server.handleUpgrade(request, stream, head, (ws) => {
      ws.on('error', () => undefined)
      if (!credential || refused) return closeSocket(ws, closeCodes.unauthenticated)
      // Nobody can tell a project that is not there from one that is not theirs.
      if (!role || !can(role, route.needs)) return closeSocket(ws, closeCodes.forbidden)
      const closed = openSockets.take(credential.principal.userId)
      if (!closed) return closeSocket(ws, closeCodes.tooManySockets)
      ws.once('close', closed)
      serve(openSocket(ws, route, credential, projectId, role), groups)
    })
  }

  function serve(socket: OpenSocket, groups: string[]): void {
    const { ws, projectId, principal, route } = socket
    open.add(socket)
    const fields = { ...logFields(), userId: principal.userId, projectId }
    carryLogFields(ws, fields)
    ws.once('close', () => open.delete(socket))
    try {
      withLogFields(fields, () => route.open(socket, groups))
    } catch (error) {
      log.error({ ...fields, err: error }, 'a socket could not be served')
      closeSocket(ws, { code: 1011, reason: 'internal error' })
    }
  }

  return {
    add: (route: SocketRoute): void =>
      void routes.push({ ...route, server: new WebSocketServer({ noServer: true, maxPayload: route.maxPayload, perMessageDeflate: false }) }),

    /** True when the path is one of ours, whatever becomes of it. */
    handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): boolean {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      const [, id = '', rest = ''] = /^\/api\/projects\/([^/]+)\/(.+)$/.exec(path) ?? []
      const found = routes.map((route) => ({ route, match: route.path.exec(rest) })).find(({ match }) => match)
      const projectId = ProjectId.safeParse(id)
      if (!found?.match || !projectId.success) return false
      const ignore = () => undefined
      stream.on('error', ignore)
      accept(found.route, request, stream, head, projectId.data, found.match.slice(1)).then(
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

    /** Whose sockets are open, and of which project. */
    openBy: (): { projectId: ProjectId; userId: UserId }[] => [...open].map(({ projectId, principal }) => ({ projectId, userId: principal.userId })),

    /** A role changed or a member left. */
    async accessChanged(projectId: ProjectId, userId: UserId): Promise<void> {
      const theirs = [...open].filter((socket) => socket.projectId === projectId && socket.principal.userId === userId)
      if (theirs.length === 0) return
      const role = await roleOf(userId, projectId)
      for (const socket of theirs) {
        const by = role && roleBy(socket.principal, role)
        if (by && can(by, socket.route.needs)) socket.changed(by)
        else socket.close(closeCodes.forbidden)
      }
    },

    credentialEnded(credentialId: string): void {
      for (const socket of open) if (socket.principal.credentialId === credentialId) socket.close(closeCodes.unauthenticated)
    },

    /** How many are open of a kind. */
    count: (kind: SocketRoute['kind']): number => [...open].filter(({ route }) => route.kind === kind).length,

    removeProject(projectId: ProjectId): void {
      for (const socket of open) if (socket.projectId === projectId) socket.close(closeCodes.notFound)
    },

    stop(): void {
      stopping = true
      clearInterval(rechecking)
      for (const socket of open) socket.close(closeCodes.stopping)
    },
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
