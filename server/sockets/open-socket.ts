import type { WebSocket } from 'ws'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Action } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Person } from '../auth/principal.ts'

/** By what a socket was opened, and how to ask whether it still holds. */
export type Credential = { principal: Person; check(): Promise<boolean> }

/** One open socket of a room, for whoever serves it. */
export type RoomSocket = {
  readonly ws: WebSocket
  readonly projectId: ProjectId
  readonly principal: Person
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

export type OpenSocket = RoomSocket & { credential: Credential; route: SocketRoute; changed(role: Role): void }

export function closeSocket(ws: WebSocket, { code, reason }: { code: number; reason: string }): void {
  if (ws.readyState !== ws.OPEN) return
  // A reason has at most 123 bytes.
  ws.close(code, Buffer.from(reason).subarray(0, 120).toString().toWellFormed())
  setTimeout(() => ws.terminate(), 1_000).unref()
}

/** @param first the role with which it was let in */
export function openSocket(ws: WebSocket, route: SocketRoute, credential: Credential, projectId: ProjectId, first: Role): OpenSocket {
  let role = first
  const listeners: ((role: Role) => void)[] = []
  return {
    ws,
    projectId,
    principal: credential.principal,
    credential,
    route,
    role: () => role,
    onRole: (listener) => void listeners.push(listener),
    close: (why) => closeSocket(ws, why),
    changed(next) {
      if (next === role) return
      role = next
      for (const listener of listeners) listener(next)
    },
  }
}
