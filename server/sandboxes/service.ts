import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/port.ts'
import type { Patience } from './bounded-fetch.ts'
import { createBinding } from './binding.ts'
import { createCopies } from './copies.ts'
import { createLimits } from './limits.ts'
import { createLosses } from './losses.ts'
import { createRoomMaker } from './make-room.ts'
import type { WhoWaits } from './make-room.ts'
import { noSandboxes } from './no-sandboxes.ts'
import type { Lack } from './place-rules.ts'
import { createPlaces } from './places.ts'
import type { SandboxPorts, Sandboxes } from './port.ts'
import { callsTo, openProvider } from './provider.ts'
import type { Provider } from './provider.ts'
import { quiesceAll } from './quiesce.ts'
import { createRests } from './rest.ts'
import { usualPace } from './room.ts'
import type { Pace, Room } from './room.ts'
import { createRooms } from './rooms.ts'
import { sharePlaces } from './shared-places.ts'
import type { Peers } from './shared-places.ts'
import { createStarts } from './start.ts'
import { startTidying } from './tidy.ts'
import { createUpkeep } from './upkeep.ts'
import { createUse } from './use.ts'

type Deps = {
  database: Database
  clock: Clock
  log: Logger
  pace?: Partial<Pace>
  patience?: Patience
  /** Other processes that share the database, where there may be some. */
  peers?: Peers
}

/** The sandboxes of this deployment: in the cloud, on this machine, or none, as configured and as a probe has shown. */
export async function createSandboxes(
  deps: Deps & { config: Pick<Config, 'dataDir' | 'sandbox'> } & Pick<Parameters<typeof openProvider>[0], 'limits' | 'groups'>,
): Promise<Sandboxes> {
  const log = deps.log.child({ part: 'sandboxes' })
  const provider = await openProvider({ ...deps, log })
  if ('detail' in provider) return noSandboxes(provider, deps.clock.now())
  return sandboxesOf(provider, { ...deps, log, dataDir: deps.config.dataDir })
}

function sandboxesOf(provider: Provider, deps: Deps & { dataDir: string }): Sandboxes {
  const { database, clock, log } = deps
  const pace = { ...usualPace, ...deps.pace }
  let connected: SandboxPorts | undefined
  const ports = () => connected
  const calls = callsTo(provider, deps.patience)
  const copies = createCopies({ dataDir: deps.dataDir, now: () => clock.now() })
  const binding = createBinding({ database, clock, log, provider, calls, copies })
  const limits = createLimits({ database, clock, usual: provider.usualLimits, ceilings: provider.ceilings, onlyIdle: !provider.setLimits })
  const rooms = createRooms({ database, clock, log, provider, binding })
  const use = createUse({ database, clock, me: deps.peers?.me, ports })
  const shared = deps.peers && sharePlaces({ database, provider: provider.name, peers: deps.peers, log })
  const makePlace = (lack: Lack, next: WhoWaits) =>
    makeRoom(lack, next).catch((thrown: unknown) => log.warn({ err: thrown }, 'no place could be made'))
  const places = createPlaces(
    provider.places,
    // First of this process's own.
    (lack, next) => void makePlace(lack, next).then((isMade) => isMade === false && shared?.ask(lack, next)),
    shared?.store,
  )
  shared?.onFree(places.lookAgain)
  shared?.onAsked(makePlace)
  const losses = createLosses({ database, clock, log, rooms, places, ports })
  const upkeep = createUpkeep({ provider, calls, copies, losses, clock, log, renewMs: pace.renewMs })
  const starts = createStarts({ database, clock, log, pace, provider, rooms, places, binding, limits, upkeep, losses })
  const rests = createRests({ database, provider, calls, copies, rooms, places, binding })
  const makeRoom = createRoomMaker<Room>({
    rooms: rooms.known,
    isFree: async (projectId, { live }) => live !== undefined && use.isFree(projectId, live, pace.unusedMs),
    async pause(projectId, room) {
      const { live } = room
      if (live) await upkeep.copy(projectId, live)
      const still = () => room.live === live && live !== undefined && !use.isInUse(projectId, live)
      await rests.pause(projectId, still, 'Paused to make a place for another sandbox. It wakes when someone uses it.')
    },
    dropMemory: (projectId, { state }) => rests.end(projectId, () => rooms.known.get(projectId)?.state === state),
  })
  const tidying = startTidying({ clock, log, pace, provider, rooms, places, limits, use, upkeep, rests, wake: starts.wake })

  provider.onDied((sandboxId, forMemory) => {
    for (const [projectId, room] of rooms.known) if (room.live?.id === sandboxId) losses.ended(projectId, room, sandboxId, forMemory)
  })

  function kill(projectId: ProjectId): Promise<SandboxState> {
    places.giveUp(projectId)
    return rests.end(projectId)
  }

  return {
    isolation: provider.isolation,
    get: starts.get,
    wake: starts.wake,
    state: async (projectId) => (await rooms.of(projectId)).state,
    states: () => [...rooms.known.values()].map(({ state }) => state.status),
    async pause(projectId) {
      places.giveUp(projectId)
      const { live } = await rooms.of(projectId)
      if (live) await upkeep.copy(projectId, live)
      return rests.pause(projectId)
    },
    kill,
    async restart(projectId) {
      await kill(projectId)
      return starts.wake(projectId)
    },
    async usage(projectId) {
      const { live } = await rooms.of(projectId)
      const usage = await live?.sandbox.usage()
      if (!usage || !provider.setLimits) return usage
      // The protocol tells whole cores.
      return { ...usage, cpus: (await limits.of(projectId)).cpus }
    },
    limits: limits.of,
    async setLimits(projectId, change) {
      const set = await limits.set(projectId, change)
      const { live } = await rooms.of(projectId)
      if (live) await provider.setLimits?.(live.id, await limits.own(projectId))
      places.resize(projectId, set.memoryBytes)
      return set
    },
    connect: (to) => void (connected = to),
    async remove(projectId, sandboxId) {
      places.giveUp(projectId)
      await rests.remove(projectId, sandboxId)
    },
    onState: rooms.onState,
    quiesce: () => quiesceAll(provider, copies),
    async stop() {
      const tidied = tidying.stop()
      places.stop()
      await starts.settled()
      await provider.stop()
      await tidied
    },
  }
}
