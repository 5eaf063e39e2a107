import { SandboxNotFoundError } from 'e2b'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Copies } from './copies.ts'
import type { Losses } from './losses.ts'
import type { Calls, Provider } from './provider.ts'
import type { Live, Room } from './room.ts'
import { timeGiven } from './room-rules.ts'

export type Upkeep = ReturnType<typeof createUpkeep>

/** What a sandbox needs while it runs: more of its provider's time, and copies of its files. */
export function createUpkeep(deps: { provider: Provider; calls: Calls; copies: Copies; losses: Losses; clock: Clock; log: Logger; renewMs: number }) {
  const { provider, calls, copies, losses, clock, log, renewMs } = deps

  async function copyNow(projectId: ProjectId, live: Live): Promise<void> {
    if (!live.dirty) return
    live.dirty = false
    live.copiedAt = clock.now()
    try {
      await copies.take(projectId, live.raw)
    } catch (thrown) {
      live.dirty = true
      log.warn({ projectId, err: thrown }, "a sandbox's files could not be copied")
    }
  }

  return {
    /** Asks for more time when that is due. */
    renew(projectId: ProjectId, room: Room, live: Live): void {
      const now = clock.now()
      if (now < live.renewAt || room.live !== live) return
      const { renewAt, endAt } = timeGiven(now, { idleMs: provider.idleMs, renewMs })
      live.renewAt = renewAt
      calls.renew(live.id).then(
        () => (live.endAt = endAt),
        (thrown: unknown) => {
          if (thrown instanceof SandboxNotFoundError) losses.ended(projectId, room, live.id)
          else log.warn({ projectId, err: thrown }, "a sandbox's time could not be renewed")
        },
      )
    },

    /** One after the other: a copy that was begun before the last change must not end after the one that has it. */
    copy(projectId: ProjectId, live: Live): Promise<void> {
      live.copying = live.copying.then(() => copyNow(projectId, live))
      return live.copying
    },
  }
}
