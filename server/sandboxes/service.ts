import { eq } from 'drizzle-orm'
import { SandboxNotFoundError } from 'e2b'
import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState, SandboxStatus } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import { withOnlyLogFields } from '../base/log-fields.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/port.ts'
import type { Patience } from './bounded-fetch.ts'
import { createBinding } from './binding.ts'
import { createCopies } from './copies.ts'
import type { Copy } from './copies.ts'
import { e2bSandbox } from './e2b.ts'
import { asSandboxError } from './e2b-errors.ts'
import { hasProcesses, hasRun } from './idle.ts'
import { createLimits } from './limits.ts'
import { tellOfLoss, whyStopped } from './lost-event.ts'
import { noSandboxes } from './no-sandboxes.ts'
import { createPlaces } from './places.ts'
import { createRoomMaker } from './make-room.ts'
import type { Sandbox, SandboxPorts, Sandboxes } from './port.ts'
import { callsTo, openProvider } from './provider.ts'
import type { Provider } from './provider.ts'
import { quiesceAll } from './quiesce.ts'
import { newRoom, personOf, stateFromRow, usualPace } from './room.ts'
import type { Live, Room } from './room.ts'
import { sandboxes as table } from './table.ts'
import { sayWaiting, unlessItWaits } from './wait-for-place.ts'

type Deps = { database: Database; clock: Clock; log: Logger; pace?: Partial<typeof usualPace>; patience?: Patience }

/** The sandboxes of this deployment: in the cloud, on this machine, or none, as configured and as a probe has shown. */
export async function createSandboxes(
  deps: Deps & { config: Pick<Config, 'dataDir' | 'sandbox'> } & Pick<Parameters<typeof openProvider>[0], 'limits' | 'groups'>,
): Promise<Sandboxes> {
  const log = deps.log.child({ part: 'sandboxes' })
  const provider = await openProvider({ ...deps, log })
  if ('detail' in provider) return noSandboxes(provider, deps.clock.now())
  return sandboxesOf(provider, { ...deps, log, dataDir: deps.config.dataDir })
}

function sandboxesOf(provider: Provider, { database, clock, log, dataDir, pace, patience }: Deps & { dataDir: string }): Sandboxes {
  const { tidyMs, copyMs, keepMemoryMs, retryMs, renewMs, queueMs, unusedMs } = { ...usualPace, ...pace }
  const listeners: ((projectId: ProjectId, state: SandboxState) => void)[] = []
  const bornAt = clock.now()
  const calls = callsTo(provider, patience)
  const copies = createCopies({ dataDir, now: () => clock.now() })
  const binding = createBinding({ database, clock, log, provider, calls, copies })
  const limits = createLimits({ database, clock, usual: provider.usualLimits, ceilings: provider.ceilings, onlyIdle: !provider.setLimits })
  const rooms = new Map<ProjectId, Room>()
  const places = createPlaces(provider.places, (lack, next) => {
    makeRoom(lack, next).catch((thrown: unknown) => log.warn({ err: thrown }, 'no place could be made'))
  })
  let ports: SandboxPorts | undefined

  async function roomOf(projectId: ProjectId): Promise<Room> {
    const known = rooms.get(projectId)
    if (known) return known
    const row = await binding.read(projectId)
    const made = newRoom(stateFromRow(provider, row, bornAt))
    // Somebody else may have asked meanwhile.
    const raced = rooms.get(projectId)
    if (raced) return raced
    rooms.set(projectId, made)
    return made
  }

  async function setState(projectId: ProjectId, room: Room, status: SandboxStatus, detail?: string): Promise<SandboxState> {
    const since = clock.now()
    room.state = { status, isolation: provider.isolation, since, ...(detail !== undefined && { detail }) }
    for (const listener of listeners) listener(projectId, room.state)
    // Who waits is known in this process only.
    if (status === 'waiting') return room.state
    await database.db
      .update(table)
      .set({ status, detail: detail ?? null, updatedAt: since })
      .where(eq(table.projectId, projectId))
      .catch((thrown: unknown) => log.warn({ projectId, err: thrown }, "a sandbox's state could not be kept"))
    return room.state
  }

  /** Ended without anybody asking: the next use starts it again on its files. */
  function lost(projectId: ProjectId, room: Room, id: string, forMemory = false): void {
    if (room.live?.id !== id) return
    room.live = undefined
    places.leave(projectId, false)
    log.warn({ projectId }, 'a sandbox ended by itself')
    void setState(projectId, room, 'stopped', whyStopped(forMemory))
  }

  provider.onDied((sandboxId, forMemory) => {
    for (const [projectId, room] of rooms) if (room.live?.id === sandboxId) lost(projectId, room, sandboxId, forMemory)
  })

  async function tell(projectId: ProjectId, copy: Copy | undefined): Promise<void> {
    const to = ports
    if (!to) return
    const told = await database.transaction((tx) => tellOfLoss(tx, to.append, { projectId, copy, now: clock.now() }))
    if (told) await to.show(told.sessionId, told.items)
  }

  async function takePlace(projectId: ProjectId, room: Room): Promise<void> {
    const before = room.state
    room.person = await personOf(database, projectId)
    const { memoryBytes } = await limits.of(projectId)
    try {
      await places.take({ projectId, person: room.person, memoryBytes }, (waiting) => {
        void setState(projectId, room, 'waiting', sayWaiting(waiting))
        room.waiting.resolve()
      })
    } catch (thrown) {
      // It is what it was before it asked.
      if (room.state.status === 'waiting') await setState(projectId, room, before.status, before.detail)
      throw thrown
    }
  }

  async function start(projectId: ProjectId, room: Room): Promise<Sandbox> {
    await room.turn
    await takePlace(projectId, room)
    await setState(projectId, room, 'starting')
    try {
      const row = await binding.read(projectId)
      // As they may be now, before it runs.
      if (row) await provider.setLimits?.(row.sandboxId, await limits.own(projectId))
      const { sandbox: raw, lost: wasLost } = await binding.open(projectId)
      const id = raw.sandboxId
      await provider.setLimits?.(id, await limits.own(projectId))
      const { idleMs, killsTree } = provider
      const now = clock.now()
      const live: Live = {
        id,
        raw,
        holds: 0,
        endAt: now + idleMs,
        renewAt: now + Math.min(idleMs / 3, renewMs),
        usedAt: now,
        dirty: true,
        copiedAt: now,
        copying: Promise.resolve(),
        sandbox: undefined as never,
      }
      live.sandbox = e2bSandbox({
        sandbox: raw,
        localUrl: provider.connection.sandboxUrl,
        sharedNetwork: provider.isolation === 'none',
        killsTree,
        onUse() {
          live.usedAt = clock.now()
          live.dirty = true
          renew(projectId, room, live)
        },
        onGone: () => lost(projectId, room, id),
        hold() {
          live.holds++
          let held = true
          return () => {
            if (held) live.holds--
            held = false
          }
        },
      })
      room.live = live
      room.retry = { at: 0, times: 0 }
      await setState(projectId, room, 'running')
      if (wasLost) await tell(projectId, wasLost.copy).catch((thrown: unknown) => log.warn({ projectId, err: thrown }, 'a loss was not told'))
      return live.sandbox
    } catch (thrown) {
      const failure = asSandboxError(thrown, 'start the sandbox')
      log.error({ projectId, err: thrown }, 'a sandbox did not start')
      places.leave(projectId, false)
      room.retry = { at: clock.now() + retryMs * 2 ** Math.min(room.retry.times, 4), times: room.retry.times + 1 }
      await setState(projectId, room, 'failed', failure.message)
      throw failure
    }
  }

  function renew(projectId: ProjectId, room: Room, live: Live): void {
    const now = clock.now()
    if (now < live.renewAt || room.live !== live) return
    const { idleMs } = provider
    live.renewAt = now + Math.min(idleMs / 3, renewMs)
    calls.renew(live.id).then(
      () => (live.endAt = now + idleMs),
      (thrown: unknown) => {
        if (thrown instanceof SandboxNotFoundError) lost(projectId, room, live.id)
        else log.warn({ projectId, err: thrown }, "a sandbox's time could not be renewed")
      },
    )
  }

  /** One after the other: a copy that was begun before the last change must not end after the one that has it. */
  function copy(projectId: ProjectId, live: Live): Promise<void> {
    live.copying = live.copying.then(() => copyNow(projectId, live))
    return live.copying
  }

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

  async function tidyLive(projectId: ProjectId, room: Room, live: Live): Promise<void> {
    // Asked again before it is paused: looking takes a while on a busy machine, and somebody, or a run, may have come meanwhile.
    const inUse = () => (ports?.peopleIn(projectId) ?? 0) > 0 || live.holds > 0
    if (inUse() || (await hasRun(database.db, projectId))) live.usedAt = clock.now()
    const { idleMinutes } = await limits.of(projectId)
    const idle = () => !inUse() && clock.now() - live.usedAt >= idleMinutes * 60_000
    if (idle() && ((await hasProcesses(live.raw)) || (await hasRun(database.db, projectId)))) live.usedAt = clock.now()
    if (room.live !== live) return
    if (!idle()) {
      renew(projectId, room, live)
      if (clock.now() - live.copiedAt >= copyMs) await copy(projectId, live)
      return
    }
    await copy(projectId, live)
    await rest(projectId, true, () => room.live === live && idle(), `Paused after ${idleMinutes} minutes without use. It wakes when someone uses it.`)
  }

  async function tidy(projectId: ProjectId, room: Room): Promise<void> {
    const { live, state } = room
    const now = clock.now()
    if (live) return tidyLive(projectId, room, live)
    if (state.status === 'paused' && provider.restsAs === 'stopped' && now - state.since >= keepMemoryMs) {
      await rest(projectId, false, () => room.state === state)
    } else if (state.status === 'failed' && now >= room.retry.at && (ports?.peopleIn(projectId) ?? 0) > 0) {
      await wake(projectId)
    }
  }

  let tidying: Promise<unknown> = Promise.resolve()
  let isTidy = true
  const timer = setInterval(() => {
    if (!isTidy) return
    isTidy = false
    const each = [...rooms].map(([projectId, room]) =>
      tidy(projectId, room).catch((thrown: unknown) => log.warn({ projectId, err: thrown }, 'a sandbox could not be looked after')),
    )
    each.push(tidyQueue().catch((thrown: unknown) => log.warn({ err: thrown }, 'the queue could not be looked after')))
    tidying = Promise.all(each).finally(() => (isTidy = true))
  }, tidyMs)
  timer.unref()

  /** Runs `work` on the provider's id, after any start and any earlier turn. */
  async function inTurn<T>(projectId: ProjectId, work: (room: Room, id: string | undefined) => Promise<T>): Promise<T> {
    const room = await roomOf(projectId)
    // Both as they are now: a start that begins later waits for this turn.
    const before: Promise<unknown>[] = [room.turn, ...(room.starting ? [room.starting.catch(() => undefined)] : [])]
    const mine = (async () => {
      await Promise.all(before)
      return work(room, room.live?.id ?? (await binding.read(projectId))?.sandboxId)
    })()
    room.turn = mine.catch(() => undefined)
    return mine
  }

  /** @param still whether it is to be done after all, when its turn has come */
  async function rest(projectId: ProjectId, keepMemory: boolean, still = () => true, detail?: string): Promise<SandboxState> {
    return inTurn(projectId, async (room, id) => {
      if (id === undefined || !still() || (keepMemory && room.state.status !== 'running')) return room.state
      room.live = undefined
      try {
        await calls.pause(id, keepMemory)
      } catch (thrown) {
        if (!(thrown instanceof SandboxNotFoundError)) throw asSandboxError(thrown, keepMemory ? 'pause the sandbox' : 'end the sandbox')
      }
      places.leave(projectId, keepMemory && provider.restsAs === 'stopped')
      return setState(projectId, room, keepMemory ? 'paused' : 'stopped', detail)
    })
  }

  function kill(projectId: ProjectId): Promise<SandboxState> {
    places.giveUp(projectId)
    return rest(projectId, false)
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
    const room = await roomOf(projectId)
    if (room.live && clock.now() < room.live.endAt) return room.live.sandbox
    room.starting ??= begin(projectId, room)
    room.callers++
    try {
      return await unlessItWaits(room.starting, room, options.queueMs ?? queueMs)
    } finally {
      room.callers--
    }
  }

  /** Starts it, or has it wait. */
  async function wake(projectId: ProjectId): Promise<SandboxState> {
    const room = await roomOf(projectId)
    await get(projectId, { queueMs: 0 }).catch((thrown: unknown) => (room.state.status === 'waiting' ? undefined : Promise.reject(thrown)))
    return room.state
  }

  const makeRoom = createRoomMaker<Room>({
    rooms,
    async isFree(projectId, { live }) {
      const isUsed = () => !live || (ports?.peopleIn(projectId) ?? 0) > 0 || live.holds > 0 || clock.now() - live.usedAt < unusedMs
      return !isUsed() && !(await hasRun(database.db, projectId)) && !(live && (await hasProcesses(live.raw))) && !isUsed()
    },
    async pause(projectId, room) {
      const { live } = room
      if (live) await copy(projectId, live)
      const still = () => room.live === live && (ports?.peopleIn(projectId) ?? 0) === 0 && live?.holds === 0
      await rest(projectId, true, still, 'Paused to make a place for another sandbox. It wakes when someone uses it.')
    },
    dropMemory: (projectId, { state }) => rest(projectId, false, () => rooms.get(projectId)?.state === state),
  })

  /** What nobody waits for any more is not started; a sandbox that was in use may be idle by now. */
  async function tidyQueue(): Promise<void> {
    for (const projectId of places.waiting()) {
      const isWanted = (rooms.get(projectId)?.callers ?? 0) > 0 || (ports?.peopleIn(projectId) ?? 0) > 0 || (await hasRun(database.db, projectId))
      if (!isWanted) places.giveUp(projectId)
    }
    places.askForRoom()
  }

  return {
    isolation: provider.isolation,
    get,
    wake,
    state: async (projectId) => (await roomOf(projectId)).state,
    states: () => [...rooms.values()].map(({ state }) => state.status),
    async pause(projectId) {
      places.giveUp(projectId)
      const { live } = await roomOf(projectId)
      if (live) await copy(projectId, live)
      return rest(projectId, true)
    },
    kill,
    async restart(projectId) {
      await kill(projectId)
      return wake(projectId)
    },
    async usage(projectId) {
      const { live } = await roomOf(projectId)
      const usage = await live?.sandbox.usage()
      if (!usage || !provider.setLimits) return usage
      // The protocol tells whole cores.
      return { ...usage, cpus: (await limits.of(projectId)).cpus }
    },
    limits: limits.of,
    async setLimits(projectId, change) {
      const set = await limits.set(projectId, change)
      const { live } = await roomOf(projectId)
      if (live) await provider.setLimits?.(live.id, await limits.own(projectId))
      places.resize(projectId, set.memoryBytes)
      return set
    },
    connect: (connected) => void (ports = connected),
    async remove(projectId) {
      places.giveUp(projectId)
      await inTurn(projectId, async (room, id) => {
        const { live } = room
        room.live = undefined
        // The row may be gone with its project already.
        const known = id ?? (await calls.findByMetadata({ atriumProject: projectId }))
        if (known !== undefined) await calls.remove(known)
        places.leave(projectId, false)
        // A copy that was under way is over now, and leaves nothing behind what follows.
        await live?.copying
        await copies.remove(projectId)
        await database.db.delete(table).where(eq(table.projectId, projectId))
        await setState(projectId, room, 'stopped')
      })
      rooms.delete(projectId)
    },
    onState: (listener) => void listeners.push(listener),
    quiesce: () => quiesceAll(provider, copies),
    async stop() {
      clearInterval(timer)
      places.stop()
      const starting = [...rooms.values()].map((room) => room.starting).filter((one) => one !== undefined)
      await Promise.allSettled(starting)
      await provider.stop()
      await tidying
    },
  }
}
