import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { ProjectId, type UserId } from '#shared/base/ids.ts'
import { can, type Action } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { holds } from '../auth/principal.ts'
import type { Principal } from '../auth/principal.ts'
import type { Budget } from '../base/budget.ts'
import { carryLogFields, logFields, withLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'

/** By what a socket was opened, and how to ask whether it still holds. */
type Credential = { principal: Principal; check(): Promise<boolean> }

type Deps = {
  /** `refused` when a cookie came from a foreign page, or a token is none. */
  ofSocket(request: IncomingMessage): Promise<{ credential: Credential | undefined; refused: 'origin' | 'token' | undefined }>
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  /** Open sockets of each person, of every kind. */
  openSockets: Budget
  log: Logger
}

/** One open socket of a room, for whoever serves it. */
export type RoomSocket = {
  readonly ws: WebSocket
  readonly projectId: ProjectId
  readonly principal: Principal
  /** As it is now, and as far as a key goes; `onRole` is told when it changes. */
  role(): Role
  onRole(listener: (role: Role) => void): void
  /** Closes with a code both sides know, and ends the connection when the other side does not answer. */
  close(why: { code: number; reason: string }): void
}

export type SocketRoute = {
  /** What it is called in metrics. */
  kind: 'terminal' | 'desktop'
  /** After `/api/projects/:id/`; its groups are handed to `open`. */
  path: RegExp
  needs: Action
  /** Bytes of one frame; a larger one closes the socket. */
  maxPayload: number
  /** Frames that come before it returns are lost: attach listeners at once. */
  open(socket: RoomSocket, groups: readonly string[]): void
}

type Open = RoomSocket & { credential: Credential; route: SocketRoute; changed(role: Role): void }

const recheckMs = 30_000

export type RoomSockets = ReturnType<typeof createRoomSockets>

/**
 * Websockets of a room beside its documents. Whose they are and what they may is decided here: by cookie and origin, or by
 * `?token=`; a membership or credential that ends closes them within a second.
 */
export function createRoomSockets({ ofSocket, roleOf, openSockets, log }: Deps) {
  const routes: (SocketRoute & { server: WebSocketServer })[] = []
  const open = new Set<Open>()
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

  function close(ws: WebSocket, { code, reason }: { code: number; reason: string }): void {
    if (ws.readyState !== ws.OPEN) return
    // A reason has at most 123 bytes.
    ws.close(code, Buffer.from(reason).subarray(0, 120).toString().toWellFormed())
    setTimeout(() => ws.terminate(), 1_000).unref()
  }

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
      if (!credential || refused) return close(ws, closeCodes.unauthenticated)
      // Nobody can tell a project that is not there from one that is not theirs.
      if (!role || !can(role, route.needs)) return close(ws, closeCodes.forbidden)
      const closed = openSockets.take(credential.principal.userId)
      if (!closed) return close(ws, closeCodes.tooManySockets)
      ws.once('close', closed)
      serve(ws, route, credential, projectId, role, groups)
    })
  }

  function serve(ws: WebSocket, route: SocketRoute, credential: Credential, projectId: ProjectId, first: Role, groups: string[]): void {
    let role = first
    const listeners: ((role: Role) => void)[] = []
    const socket: Open = {
      ws,
      projectId,
      principal: credential.principal,
      credential,
      route,
      role: () => role,
      onRole: (listener) => void listeners.push(listener),
      close: (why) => close(ws, why),
      changed(next) {
        if (next === role) return
        role = next
        for (const listener of listeners) listener(next)
      },
    }
    open.add(socket)
    const fields = { ...logFields(), userId: credential.principal.userId, projectId }
    carryLogFields(ws, fields)
    ws.once('close', () => open.delete(socket))
    try {
      withLogFields(fields, () => route.open(socket, groups))
    } catch (error) {
      log.error({ ...fields, err: error }, 'a socket could not be served')
      close(ws, { code: 1011, reason: 'internal error' })
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

/** A key that may not write watches, whatever its owner may; one that may not read sees nothing. */
function roleBy(principal: Principal, role: Role): Role | undefined {
  if (!holds(principal, 'read')) return undefined
  return holds(principal, 'write') ? role : 'viewer'
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
