import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { RoomSocket } from '../sockets/service.ts'
import type { Viewer } from './viewer.ts'

export type OpenSocket = { socket: RoomSocket; viewer: Viewer }

/** Who looks at which desktop now. @param onLeft told when somebody's last socket has ended; `clean` when it was closed on purpose */
export function createViewers(onLeft: (projectId: ProjectId, userId: UserId, clean: boolean) => void) {
  const rooms = new Map<ProjectId, Set<OpenSocket>>()
  const of = (projectId: ProjectId, userId: UserId) => [...(rooms.get(projectId) ?? [])].filter(({ socket }) => socket.principal.userId === userId)

  return {
    of,
    add(one: OpenSocket): void {
      const { projectId, principal, ws } = one.socket
      const room = rooms.get(projectId) ?? new Set()
      rooms.set(projectId, room.add(one))
      ws.once('close', (code: number) => {
        room.delete(one)
        if (room.size === 0 && rooms.get(projectId) === room) rooms.delete(projectId)
        if (of(projectId, principal.userId).length === 0) onLeft(projectId, principal.userId, [1000, 1001, 1005].includes(code))
      })
    },
  }
}
