import type { Clock } from '../../base/clock.ts'
import type { Logger } from '../../base/logger.ts'
import type { Limits } from './isolation/plan.ts'
import type { Machine, MachineDeps } from './machine.ts'
import { startMachine } from './machine.ts'
import type { SandboxRecord, Store } from './store.ts'
import { watchLimits } from './watchdog.ts'

/** A sandbox that has a machine, whether that runs or is frozen. */
export type Live = {
  record: SandboxRecord
  machine: Machine
  /** As they are now. */
  limits: Limits
  endAt: number
  /** The processor time at the last look, to tell what was used since. */
  cpu: { ticks: number; at: number }
  stopWatching(): void
  diskUsed(): number
}

/** The longest a timer may wait. */
const maxTimerMs = 2 ** 31 - 1

/** The machines of this host: each is started, has a time, and ends. @param timeUp called for one whose time has passed */
export function createMachines(deps: { store: Store; machine: Omit<MachineDeps, 'log'>; clock: Clock; log: Logger; timeUp(one: Live): void }) {
  const { store, clock, log } = deps
  const live = new Map<string, Live>()
  const starting = new Map<string, Promise<Live>>()
  const timers = new Map<string, NodeJS.Timeout>()
  const diedListeners: ((id: string, forMemory: boolean) => void)[] = []
  let stopped = false

  async function launch(record: SandboxRecord): Promise<Live> {
    if (stopped) throw new Error('the host of the sandboxes is stopping')
    await store.bringAlong(record.id)
    const workspace = store.workspaceOf(record.id)
    const limits: Limits = { ...deps.machine.limits, ...record.limits }
    const egressSocket = record.internet === false ? undefined : deps.machine.egressSocket
    const machine = await startMachine(
      { ...deps.machine, egressSocket, limits, log },
      { id: record.id, uid: record.uid, workspace, envs: record.envs },
    )
    const now = clock.now()
    const running: SandboxRecord = {
      ...record,
      startedAt: now,
      process: { pid: machine.pid, startTime: machine.startTime, folder: await store.folderId(record.id) },
    }
    const { stop: stopWatching, diskUsed } = watchLimits({ machine, workspace, limits, log: log.child({ sandboxId: record.id }) })
    const one: Live = { record: running, machine, limits, endAt: 0, cpu: { ticks: 0, at: now }, stopWatching, diskUsed }
    live.set(record.id, one)
    void machine.ended.then(() => died(one))
    await store.save(running)
    setEnd(one, running.timeoutMs)
    return one
  }

  function died(one: Live): void {
    const { id } = one.record
    one.stopWatching()
    // Otherwise somebody asked for it.
    if (live.get(id) !== one) return
    live.delete(id)
    clearTimeout(timers.get(id))
    for (const listener of diedListeners) listener(id, one.machine.memory.recent() !== undefined)
  }

  function setEnd(one: Live, timeoutMs: number): void {
    const { id } = one.record
    one.endAt = clock.now() + timeoutMs
    clearTimeout(timers.get(id))
    const timer = setTimeout(() => deps.timeUp(one), Math.min(timeoutMs, maxTimerMs))
    timer.unref()
    timers.set(id, timer)
  }

  async function drop(one: Live): Promise<void> {
    const { id } = one.record
    live.delete(id)
    clearTimeout(timers.get(id))
    one.stopWatching()
    await one.machine.kill()
  }

  return {
    live: live as ReadonlyMap<string, Live>,

    /** One start at a time for each sandbox. */
    start(record: SandboxRecord): Promise<Live> {
      const under = starting.get(record.id)
      if (under) return under
      const begun = launch(record).finally(() => starting.delete(record.id))
      starting.set(record.id, begun)
      return begun
    },
    /** It has started, or failed to, where that was under way. */
    started: async (id: string): Promise<void> => void (await starting.get(id)?.catch(() => undefined)),

    /** It ends so long from now. */
    setEnd,
    /** Stands still with its memory, without an end. */
    freeze(one: Live): void {
      clearTimeout(timers.get(one.record.id))
      one.machine.freeze()
    },
    /** Its processes end. */
    drop,
    /** Every machine stands still for a moment: hands back what lets them go on. @throws when one cannot; the others go on then */
    async holdAll(): Promise<() => void> {
      const held: (() => void)[] = []
      const goOn = () => {
        for (const release of held.splice(0)) release()
      }
      const holding = await Promise.allSettled([...live.values()].map(async ({ machine }) => held.push(await machine.hold())))
      const failed = holding.find((one) => one.status === 'rejected')
      if (!failed) return goOn
      goOn()
      throw failed.reason
    },
    /** Called when a machine ended and nobody asked for it. */
    onDied: (listener: (id: string, forMemory: boolean) => void) => void diedListeners.push(listener),
    async stop(): Promise<void> {
      stopped = true
      await Promise.all([...starting.values()].map((one) => one.catch(() => undefined)))
      await Promise.all([...live.values()].map(drop))
    },
  }
}
