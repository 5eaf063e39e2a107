import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Copy } from './copies.ts'
import { tellOfLoss, whyStopped } from './lost-event.ts'
import type { Places } from './places.ts'
import type { SandboxPorts } from './port.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'

export type Losses = ReturnType<typeof createLosses>

/** Sandboxes that ended and nobody asked for it. */
export function createLosses(deps: {
  database: Database
  clock: Clock
  log: Logger
  rooms: Rooms
  places: Places
  ports(): SandboxPorts | undefined
}) {
  const { database, clock, log, rooms, places } = deps
  return {
    /** Its processes are gone: the next use starts it again on its files. */
    ended(projectId: ProjectId, room: Room, id: string, forMemory = false): void {
      if (room.live?.id !== id) return
      room.live = undefined
      places.leave(projectId, false)
      log.warn({ projectId }, 'a sandbox ended by itself')
      void rooms.setState(projectId, room, 'stopped', whyStopped(forMemory))
    },

    /** It is gone with its files: people read what was brought back of them. */
    async tell(projectId: ProjectId, copy: Copy | undefined): Promise<void> {
      const to = deps.ports()
      if (!to) return
      try {
        const told = await database.transaction((tx) => tellOfLoss(tx, to.append, { projectId, copy, now: clock.now() }))
        if (told) await to.show(told.sessionId, told.items)
      } catch (thrown) {
        log.warn({ projectId, err: thrown }, 'a loss was not told')
      }
    },
  }
}
