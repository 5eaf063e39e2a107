import { eq } from 'drizzle-orm'
import { SandboxNotFoundError } from 'e2b'
import type { Sandbox as E2bSandbox } from '@e2b/code-interpreter'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState, SandboxStatus } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config.ts'
import type { Database } from '../db/port.ts'
import { e2bSandbox } from './e2b.ts'
import { asSandboxError } from './e2b-errors.ts'
import type { Limits } from './host/isolation/plan.ts'
import type { Sandbox, Sandboxes } from './port.ts'
import { callsTo, openProvider } from './provider.ts'
import type { NoProvider, Provider } from './provider.ts'
import { sandboxes as table } from './table.ts'

/** What this process knows of one project's sandbox. */
type Room = {
  state: SandboxState
  live: { id: string; sandbox: Sandbox; holds: number; endAt: number; renewAt: number } | undefined
  starting: Promise<Sandbox> | undefined
  /** Pausing, ending and removing happen one after the other. */
  turn: Promise<unknown>
}

const tidyMs = 30_000

type Deps = { database: Database; clock: Clock; log: Logger }

/** The sandboxes of this deployment: in the cloud, on this machine, or none, as configured and as a probe has shown. */
export async function createSandboxes(deps: Deps & { config: Pick<Config, 'dataDir' | 'sandbox'>; limits?: Partial<Limits> }): Promise<Sandboxes> {
  const log = deps.log.child({ part: 'sandboxes' })
  const provider = await openProvider({ ...deps, log })
  if ('detail' in provider) return noSandboxes(provider, deps.clock.now())
  return sandboxesOf(provider, { ...deps, log })
}

function noSandboxes({ name, isolation, detail }: NoProvider, since: number): Sandboxes {
  const state: SandboxState = { status: name === 'off' ? 'off' : 'failed', isolation, detail, since }
  return {
    isolation,
    get: () => Promise.reject(new AppError('unavailable', detail)),
    state: async () => state,
    pause: async () => state,
    kill: async () => state,
    remove: async () => {},
    onState: () => {},
    stop: async () => {},
  }
}

function sandboxesOf(provider: Provider, { database, clock, log }: Deps): Sandboxes {
  const listeners: ((projectId: ProjectId, state: SandboxState) => void)[] = []
  const bornAt = clock.now()
  const calls = callsTo(provider)
  const rooms = new Map<ProjectId, Room>()

  async function roomOf(projectId: ProjectId): Promise<Room> {
    const known = rooms.get(projectId)
    if (known) return known
    const row = await readRow(projectId)
    const made: Room = { state: stateFromRow(provider, row, bornAt), live: undefined, starting: undefined, turn: Promise.resolve() }
    // Somebody else may have asked meanwhile.
    const raced = rooms.get(projectId)
    if (raced) return raced
    rooms.set(projectId, made)
    return made
  }

  const readRow = async (projectId: ProjectId) => (await database.db.select().from(table).where(eq(table.projectId, projectId)))[0]

  async function setState(projectId: ProjectId, room: Room, status: SandboxStatus, detail?: string): Promise<SandboxState> {
    const since = clock.now()
    room.state = { status, isolation: provider.isolation, since, ...(detail !== undefined && { detail }) }
    for (const listener of listeners) listener(projectId, room.state)
    await database.db
      .update(table)
      .set({ status, detail: detail ?? null, updatedAt: since })
      .where(eq(table.projectId, projectId))
      .catch((thrown: unknown) => log.warn({ projectId, err: thrown }, "a sandbox's state could not be kept"))
    return room.state
  }

  /** Ended without anybody asking: the next use starts it again on its files. */
  function lost(projectId: ProjectId, room: Room, id: string): void {
    if (room.live?.id !== id) return
    room.live = undefined
    log.warn({ projectId }, 'a sandbox ended by itself')
    void setState(projectId, room, 'stopped', 'The sandbox ended by itself. It starts again when it is used.')
  }

  provider.onDied((sandboxId) => {
    for (const [projectId, room] of rooms) if (room.live?.id === sandboxId) lost(projectId, room, sandboxId)
  })

  async function open(projectId: ProjectId): Promise<E2bSandbox> {
    const metadata = { atriumProject: projectId }
    const row = await readRow(projectId)
    // Without a row there may still be one, made just before a crash.
    const known = row?.provider === provider.name ? row.sandboxId : await calls.findByMetadata(metadata)
    if (known !== undefined) {
      try {
        const opened = await calls.connect(known, row?.status === 'stopped')
        if (!row || row.sandboxId !== known) await keepRow(projectId, opened.sandboxId)
        return opened
      } catch (thrown) {
        if (!(thrown instanceof SandboxNotFoundError)) throw thrown
        log.warn({ projectId }, 'a sandbox was gone; a new one takes its place')
      }
    }
    const made = await calls.create(metadata)
    try {
      await keepRow(projectId, made.sandboxId)
    } catch (thrown) {
      await calls.remove(made.sandboxId).catch(() => undefined)
      throw thrown
    }
    return made
  }

  async function keepRow(projectId: ProjectId, sandboxId: string): Promise<void> {
    const now = clock.now()
    const values = { provider: provider.name, sandboxId, status: 'starting' as const, detail: null, updatedAt: now }
    await database.db
      .insert(table)
      .values({ projectId, ...values, createdAt: now })
      .onConflictDoUpdate({ target: table.projectId, set: values })
  }

  async function start(projectId: ProjectId, room: Room): Promise<Sandbox> {
    await room.turn
    await setState(projectId, room, 'starting')
    try {
      const opened = await open(projectId)
      const id = opened.sandboxId
      const { idleMs, killsTree } = provider
      const live: NonNullable<Room['live']> = {
        id,
        holds: 0,
        endAt: clock.now() + idleMs,
        renewAt: clock.now() + idleMs / 3,
        sandbox: undefined as never,
      }
      live.sandbox = e2bSandbox({
        sandbox: opened,
        localUrl: provider.connection.sandboxUrl,
        sharedNetwork: provider.isolation === 'none',
        killsTree,
        onUse: () => renew(projectId, room, live),
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
      await setState(projectId, room, 'running')
      return live.sandbox
    } catch (thrown) {
      const failure = asSandboxError(thrown, 'start the sandbox')
      log.error({ projectId, err: thrown }, 'a sandbox did not start')
      await setState(projectId, room, 'failed', failure.message)
      throw failure
    }
  }

  function renew(projectId: ProjectId, room: Room, live: NonNullable<Room['live']>): void {
    const now = clock.now()
    if (now < live.renewAt || room.live !== live) return
    const { idleMs } = provider
    live.renewAt = now + idleMs / 3
    calls.renew(live.id).then(
      () => (live.endAt = now + idleMs),
      (thrown: unknown) => {
        if (thrown instanceof SandboxNotFoundError) lost(projectId, room, live.id)
        else log.warn({ projectId, err: thrown }, "a sandbox's time could not be renewed")
      },
    )
  }

  const tidying = setInterval(() => {
    for (const [projectId, room] of rooms) {
      if (!room.live) continue
      if (room.live.holds > 0) renew(projectId, room, room.live)
      else if (clock.now() >= room.live.endAt) {
        room.live = undefined
        void setState(projectId, room, provider.restsAs, 'Nobody used it for a while. It wakes when it is used.')
      }
    }
  }, tidyMs)
  tidying.unref()

  /** Runs `work` on the provider's id, after any start and any earlier turn. */
  async function inTurn<T>(projectId: ProjectId, work: (room: Room, id: string | undefined) => Promise<T>): Promise<T> {
    const room = await roomOf(projectId)
    // Both as they are now: a start that begins later waits for this turn.
    const before: Promise<unknown>[] = [room.turn, ...(room.starting ? [room.starting.catch(() => undefined)] : [])]
    const mine = (async () => {
      await Promise.all(before)
      return work(room, room.live?.id ?? (await readRow(projectId))?.sandboxId)
    })()
    room.turn = mine.catch(() => undefined)
    return mine
  }

  async function rest(projectId: ProjectId, keepMemory: boolean): Promise<SandboxState> {
    return inTurn(projectId, async (room, id) => {
      if (id === undefined || (keepMemory && room.state.status !== 'running')) return room.state
      room.live = undefined
      try {
        await calls.pause(id, keepMemory)
      } catch (thrown) {
        if (!(thrown instanceof SandboxNotFoundError)) throw asSandboxError(thrown, keepMemory ? 'pause the sandbox' : 'end the sandbox')
      }
      return setState(projectId, room, keepMemory ? 'paused' : 'stopped')
    })
  }

  return {
    isolation: provider.isolation,
    async get(projectId) {
      const room = await roomOf(projectId)
      if (room.live && clock.now() < room.live.endAt) return room.live.sandbox
      room.starting ??= start(projectId, room).finally(() => (room.starting = undefined))
      return room.starting
    },
    state: async (projectId) => (await roomOf(projectId)).state,
    pause: (projectId) => rest(projectId, true),
    kill: (projectId) => rest(projectId, false),
    async remove(projectId) {
      await inTurn(projectId, async (room, id) => {
        room.live = undefined
        // The row may be gone with its project already.
        const known = id ?? (await calls.findByMetadata({ atriumProject: projectId }))
        if (known !== undefined) await calls.remove(known)
        await database.db.delete(table).where(eq(table.projectId, projectId))
      })
      rooms.delete(projectId)
    },
    onState: (listener) => void listeners.push(listener),
    async stop() {
      clearInterval(tidying)
      const starting = [...rooms.values()].map((room) => room.starting).filter((one) => one !== undefined)
      await Promise.allSettled(starting)
      await provider.stop()
    },
  }
}

/** After a restart: processes of the local host have ended with it, those in the cloud may go on. */
function stateFromRow(provider: Provider, row: typeof table.$inferSelect | undefined, bornAt: number): SandboxState {
  const { isolation } = provider
  if (!row || row.provider !== provider.name) return { status: 'stopped', isolation, since: bornAt }
  const since = row.updatedAt
  const detail = row.detail === null ? {} : { detail: row.detail }
  if (row.status === 'failed') return { status: 'failed', isolation, since, ...detail }
  return { status: provider.name === 'e2b' && row.status === 'paused' ? 'paused' : 'stopped', isolation, since }
}
