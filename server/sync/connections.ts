import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { ServerStateless } from '#shared/wire/stateless.ts'
import type { Rights } from './document-access.ts'
import type { Person } from '../auth/principal.ts'
import { createBudget } from '../base/budget.ts'
import type { Logger } from '../base/logger.ts'
import { deniedFrame } from './frames.ts'
import type { SyncConnection } from './hocuspocus.ts'
import type { CloseCode, Socket } from './socket.ts'

/** A document open on a socket. */
export type OpenConnection = { connection: SyncConnection; socket: Socket; principal: Person; name: DocumentName; projectId: ProjectId }

/** Who is connected to what, and what becomes of it when rights change. */
export type Connections = {
  /** Registers an authorised connection until it closes. */
  add(open: OpenConnection): void
  addSocket(socket: Socket): void
  removeSocket(socket: Socket): void
  readonly sockets: ReadonlySet<Socket>
  /** Open by this person, over all their sockets. */
  documentsOf(userId: UserId): number
  peopleIn(projectId: ProjectId): UserId[]
  onPeople(listener: (projectId: ProjectId, people: UserId[]) => void): void
  /** Who has documents open, and of which project. */
  openBy(): { projectId: ProjectId; userId: UserId }[]
  accessChanged(projectId: ProjectId, userId: UserId): Promise<void>
  credentialEnded(credentialId: string): void
  /** Grows with every change of somebody's access: a decision that was begun under an older value must be made again. */
  readonly changes: number
}

export const sendStateless = (connection: SyncConnection, message: ServerStateless) => connection.sendStateless(JSON.stringify(message))

/** Closes one document on a socket. The refusal comes first, so that a client asks no more; it tells what is gone from what is not allowed. */
export function closeDocument(open: Pick<OpenConnection, 'connection' | 'socket'>, why: CloseCode): void {
  const reason = why.code === closeCodes.notFound.code ? closeCodes.notFound.reason : 'permission-denied'
  if (open.socket.single) open.socket.close(why)
  else open.socket.like.send(deniedFrame(open.connection.messageAddress, reason))
  open.connection.close(why)
}

export function createConnections({ rights, log }: { rights: Rights; log: Logger }): Connections {
  const rooms = new Map<ProjectId, Set<OpenConnection>>()
  const sockets = new Set<Socket>()
  const documents = createBudget(Number.POSITIVE_INFINITY)
  const listeners: ((projectId: ProjectId, people: UserId[]) => void)[] = []
  let changes = 0

  const peopleIn = (projectId: ProjectId) => [...new Set([...(rooms.get(projectId) ?? [])].map((open) => open.principal.userId))]
  const tell = (projectId: ProjectId) => {
    const people = peopleIn(projectId)
    for (const listener of listeners) {
      try {
        listener(projectId, people)
      } catch (error) {
        log.error({ err: error, projectId }, 'a listener for people in a room failed')
      }
    }
  }
  const has = (projectId: ProjectId, userId: UserId) => [...(rooms.get(projectId) ?? [])].some((open) => open.principal.userId === userId)

  return {
    sockets,
    get changes() {
      return changes
    },
    add(open) {
      const { projectId, principal, connection, socket } = open
      const isNew = !has(projectId, principal.userId)
      const room = rooms.get(projectId) ?? new Set()
      rooms.set(projectId, room.add(open))
      socket.documents++
      const closed = documents.take(principal.userId)
      connection.onClose(() => {
        if (!room.delete(open)) return
        closed?.()
        socket.documents--
        if (room.size === 0 && rooms.get(projectId) === room) rooms.delete(projectId)
        if (!has(projectId, principal.userId)) tell(projectId)
      })
      if (isNew) tell(projectId)
    },
    addSocket: (socket) => void sockets.add(socket),
    removeSocket: (socket) => void sockets.delete(socket),
    documentsOf: documents.has,
    peopleIn,
    onPeople: (listener) => void listeners.push(listener),
    openBy: () => [...rooms.keys()].flatMap((projectId) => peopleIn(projectId).map((userId) => ({ projectId, userId }))),
    async accessChanged(projectId, userId) {
      changes++
      const theirs = [...(rooms.get(projectId) ?? [])].filter((open) => open.principal.userId === userId)
      for (const open of theirs) {
        const access = await rights.access(open.principal, projectId, open.name.kind)
        if (!access) closeDocument(open, closeCodes.forbidden)
        else setAccess(open.connection, access)
      }
      for (const socket of new Set(theirs.map((open) => open.socket))) if (socket.documents === 0) socket.close(closeCodes.forbidden)
    },
    credentialEnded(credentialId) {
      changes++
      for (const socket of sockets) if (socket.credentials.has(credentialId)) socket.close(closeCodes.unauthenticated)
    },
  }
}

/** Demotes or promotes an open connection, and says so. */
export function setAccess(connection: SyncConnection, access: 'write' | 'read'): void {
  if (connection.readOnly === (access === 'read')) return
  connection.readOnly = access === 'read'
  sendStateless(connection, { type: 'access', access })
}
