import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Controller, DesktopControl } from '#shared/desktop/schema.ts'
import { can } from '#shared/projects/roles.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Logger } from '../base/logger.ts'
import type { RoomSocket } from '../sockets/service.ts'
import type { Control } from './control.ts'
import type { Departures } from './departures.ts'
import type { Screens } from './screens.ts'
import { createViewers } from './sockets.ts'
import { openViewer } from './viewer.ts'

/** A socket that broke is given this long to come back before its holder loses control; after a restart of the server, longer. */
const grace = { broken: 3_000, restarted: 10_000 }

/** The people who look at desktops: each acts while they have control, and loses it when they are gone. */
export function createWatching({ screens, control, departures, log }: { screens: Screens; control: Control; departures: Departures; log: Logger }) {
  const viewers = createViewers((projectId, userId, clean) => leave(projectId, userId, clean ? 0 : grace.broken))
  let stopping = false

  /** The last socket of somebody has ended. */
  function leave(projectId: ProjectId, userId: UserId, afterMs: number): void {
    const go = () => {
      const holder = control.holder(projectId)
      if (stopping || holder?.kind !== 'user' || holder.id !== userId || viewers.of(projectId, userId).length > 0) return
      departures.release(projectId, { userId }).catch((error: unknown) => log.warn({ err: error }, 'control was not released'))
    }
    if (afterMs === 0) return go()
    setTimeout(go, afterMs).unref()
  }

  return {
    /** Somebody looks from now on. */
    serve(socket: RoomSocket): void {
      const { projectId, principal, ws } = socket
      const who: Controller = { kind: 'user', id: principal.userId, name: principal.name }
      const mayControl = () => can(socket.role(), 'desktop.control')
      const could = mayControl()
      const viewer = openViewer({
        ws,
        close: (why) => socket.close(why),
        log,
        connect: () => screens.connect(projectId, could),
        mayAct: () => mayControl() && control.holds(projectId, who),
        acted: () => control.acted(projectId),
      })
      viewers.add({ socket, viewer })
      // What it was let in with holds no more.
      socket.onRole(() => could !== mayControl() && viewer.close(closeCodes.roleChanged))
      // What is known of control is read once for a room, and kept.
      control.read(projectId).catch((error: unknown) => log.warn({ err: error }, 'control could not be read'))
    },

    /** In this order: who lost control lets go of everything, then who has it may act. */
    handOver(projectId: ProjectId, before: DesktopControl, after: DesktopControl): void {
      if (before.holder?.kind === 'user') for (const { viewer } of viewers.of(projectId, before.holder.id)) viewer.lost()
      if (after.holder?.kind === 'user') for (const { viewer } of viewers.of(projectId, after.holder.id)) viewer.gained()
    },

    /** Who had control before the server was restarted may come back to it. */
    awaitReturn: (projectId: ProjectId, userId: UserId) => leave(projectId, userId, grace.restarted),

    /** Sockets that end from now on end with the server. */
    stop: () => void (stopping = true),
  }
}
