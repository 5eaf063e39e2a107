import type { ProjectId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Limits } from './limits.ts'
import type { Places } from './places.ts'
import type { Provider } from './provider.ts'
import type { Rests } from './rest.ts'
import type { Live, Pace, Room } from './room.ts'
import { dueWhileAsleep } from './room-rules.ts'
import type { Rooms } from './rooms.ts'
import type { Upkeep } from './upkeep.ts'
import type { Use } from './use.ts'

type Deps = {
  clock: Clock
  log: Logger
  pace: Pace
  provider: Provider
  rooms: Rooms
  places: Places
  limits: Limits
  use: Use
  upkeep: Upkeep
  rests: Rests
  wake(projectId: ProjectId): Promise<unknown>
}

/** Looks after every sandbox again and again: copies what changed, pauses what is idle, starts again what failed. */
export function startTidying(deps: Deps) {
  const { clock, log, pace, provider, rooms, places, limits, use, upkeep, rests } = deps
  const memoryMs = provider.restsAs === 'stopped' ? pace.keepMemoryMs : undefined

  /** One in a cloud goes on for the process that has its room now, which looks after it. */
  function letGo(projectId: ProjectId, room: Room): void {
    if (room.starting || room.callers > 0) return
    rooms.forget(projectId)
    places.leave(projectId, false)
  }

  async function tidyLive(projectId: ProjectId, room: Room, live: Live): Promise<void> {
    if (await use.isElsewhere(projectId)) return letGo(projectId, room)
    if (use.isInUse(projectId, live) || (await use.hasRun(projectId))) live.usedAt = clock.now()
    const { idleMinutes } = await limits.of(projectId)
    // Asked again before it is paused: looking takes a while on a busy machine, and somebody, or a run, may have come meanwhile.
    const idle = () => use.isIdle(projectId, live, idleMinutes * 60_000)
    if (idle() && (await use.hasWork(projectId, live))) live.usedAt = clock.now()
    if (room.live !== live) return
    if (!idle()) {
      upkeep.renew(projectId, room, live)
      if (clock.now() - live.copiedAt >= pace.copyMs) await upkeep.copy(projectId, live)
      return
    }
    await upkeep.copy(projectId, live)
    // Looking took a while: the room may have moved meanwhile.
    if (await use.isElsewhere(projectId)) return letGo(projectId, room)
    const still = () => room.live === live && idle()
    await rests.pause(projectId, still, `Paused after ${idleMinutes} minutes without use. It wakes when someone uses it.`)
  }

  async function tidy(projectId: ProjectId, room: Room): Promise<void> {
    const { live, state } = room
    if (live) return tidyLive(projectId, room, live)
    const due = dueWhileAsleep(room, { people: use.peopleIn(projectId), now: clock.now(), memoryMs })
    if (due === 'drop_memory') await rests.end(projectId, () => room.state === state)
    else if (due === 'start_again') await deps.wake(projectId)
  }

  /** What nobody waits for any more is not started; a sandbox that was in use may be idle by now. */
  async function tidyQueue(): Promise<void> {
    for (const projectId of places.waiting()) {
      const isWanted = (rooms.known.get(projectId)?.callers ?? 0) > 0 || use.peopleIn(projectId) > 0 || (await use.hasRun(projectId))
      if (!isWanted) places.giveUp(projectId)
    }
    places.lookAgain()
  }

  let tidying: Promise<unknown> = Promise.resolve()
  let isTidy = true
  const timer = setInterval(() => {
    if (!isTidy) return
    isTidy = false
    const each = [...rooms.known].map(([projectId, room]) =>
      tidy(projectId, room).catch((thrown: unknown) => log.warn({ projectId, err: thrown }, 'a sandbox could not be looked after')),
    )
    each.push(tidyQueue().catch((thrown: unknown) => log.warn({ err: thrown }, 'the queue could not be looked after')))
    tidying = Promise.all(each).finally(() => (isTidy = true))
  }, pace.tidyMs)
  timer.unref()

  return {
    /** No look begins any more. Resolves when the one under way is over. */
    stop(): Promise<unknown> {
      clearInterval(timer)
      return tidying
    },
  }
}
