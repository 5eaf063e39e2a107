import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Binding } from './binding.ts'
import { asSandboxError } from './e2b-errors.ts'
import type { Limits } from './limits.ts'
import { openLive } from './live.ts'
import type { Losses } from './losses.ts'
import type { Places } from './places.ts'
import type { Sandbox } from './port.ts'
import type { Provider } from './provider.ts'
import { personOf } from './room.ts'
import type { Pace, Room } from './room.ts'
import { nextRetry } from './room-rules.ts'
import type { Rooms } from './rooms.ts'
import type { Upkeep } from './upkeep.ts'
import { sayWaiting, unlessItWaits } from './wait-for-place.ts'

type Deps = {
  database: Database
  clock: Clock
  log: Logger
  pace: Pace
  provider: Provider
  rooms: Rooms
  places: Places
  binding: Binding
  limits: Limits
  upkeep: Upkeep
  losses: Losses
}

/** Starts sandboxes: each waits for the turn of its room, then for a place; callers of one room share its start. */
export function createStarts(deps: Deps) {
  const { database, clock, log, pace, provider, rooms, places, binding, limits, upkeep, losses } = deps

  async function takePlace(projectId: ProjectId, room: Room): Promise<void> {
    const before = room.state
    room.person = await personOf(database, projectId)
    const { memoryBytes } = await limits.of(projectId)
    try {
      await places.take({ projectId, person: room.person, memoryBytes }, (waiting) => {
        void rooms.setState(projectId, room, 'waiting', sayWaiting(waiting))
        room.waiting.resolve()
      })
    } catch (thrown) {
      // It is what it was before it asked.
      if (room.state.status === 'waiting') await rooms.setState(projectId, room, before.status, before.detail)
      throw thrown
    }
  }

  /** Made, connected or resumed, under the limits of the project. */
  async function open(projectId: ProjectId) {
    const row = await binding.read(projectId)
    // As they may be now, before it runs.
    if (row) await provider.setLimits?.(row.sandboxId, await limits.own(projectId))
    const opened = await binding.open(projectId)
    await provider.setLimits?.(opened.sandbox.sandboxId, await limits.own(projectId))
    return opened
  }

  async function start(projectId: ProjectId, room: Room): Promise<Sandbox> {
    await room.turn
    await takePlace(projectId, room)
    await rooms.setState(projectId, room, 'starting')
    try {
      const { sandbox: raw, lost } = await open(projectId)
      const live = openLive(raw, {
        provider,
        renewMs: pace.renewMs,
        now: () => clock.now(),
        onUse: (used) => upkeep.renew(projectId, room, used),
        onGone: () => losses.ended(projectId, room, raw.sandboxId),
      })
      room.live = live
      room.retry = { at: 0, times: 0 }
      await rooms.setState(projectId, room, 'running')
      if (lost) await losses.tell(projectId, lost.copy)
      return live.sandbox
    } catch (thrown) {
      const failure = asSandboxError(thrown, 'start the sandbox')
      log.error({ projectId, err: thrown }, 'a sandbox did not start')
      places.leave(projectId, false)
      room.retry = nextRetry(room.retry, clock.now(), pace.retryMs)
      await rooms.setState(projectId, room, 'failed', failure.message)
      throw failure
    }
  }

  function begin(projectId: ProjectId, room: Room): Promise<Sandbox> {
    room.waiting = Promise.withResolvers()
    // Of everybody who waits for it.
    const begun = withOnlyLogFields({ projectId }, () => start(projectId, room)).finally(() => (room.starting = undefined))
    // Whoever asked may have gone before it ends.
    begun.catch(() => undefined)
    return begun
  }

  async function get(projectId: ProjectId, options: { queueMs?: number } = {}): Promise<Sandbox> {
    const room = await rooms.of(projectId)
    if (room.live && clock.now() < room.live.endAt) return room.live.sandbox
    room.starting ??= begin(projectId, room)
    room.callers++
    try {
      return await unlessItWaits(room.starting, room, options.queueMs ?? pace.queueMs)
    } finally {
      room.callers--
    }
  }

  return {
    get,

    /** Starts it, or has it wait. */
    async wake(projectId: ProjectId): Promise<SandboxState> {
      const room = await rooms.of(projectId)
      await get(projectId, { queueMs: 0 }).catch((thrown: unknown) => (room.state.status === 'waiting' ? undefined : Promise.reject(thrown)))
      return room.state
    },

    /** Resolves when what is being started now has started, or failed. */
    settled: () => Promise.allSettled([...rooms.known.values()].map((room) => room.starting).filter((one) => one !== undefined)),
  }
}
