import { randomBytes } from 'node:crypto'
import type { Logger } from '../../base/logger.ts'
import type { Clock } from '../../base/clock.ts'
import { createGate } from '../../base/gate.ts'
import type { Limits, OwnLimits } from './isolation/plan.ts'
import type { Machine, MachineDeps } from './machine.ts'
import { startMachine } from './machine.ts'
import { readStat } from './proc.ts'
import type { SandboxRecord, Store } from './store.ts'
import { watchLimits } from './watchdog.ts'

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

export type Lifecycle = ReturnType<typeof createLifecycle>

type Wanted = Omit<SandboxRecord, 'id' | 'token' | 'createdAt' | 'startedAt' | 'uid' | 'limits' | 'process'>

/** The longest a timer may wait. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Every sandbox of this host: running, frozen, or only files. A sandbox without a machine is "paused" in the protocol's
 * words; connecting starts one on its files.
 */
export function createLifecycle(deps: { store: Store; machine: Omit<MachineDeps, 'log'>; clock: Clock; log: Logger }) {
  const { store, clock, log } = deps
  const live = new Map<string, Live>()
  const starting = new Map<string, Promise<Live>>()
  const timers = new Map<string, NodeJS.Timeout>()
  const diedListeners: ((id: string, forMemory: boolean) => void)[] = []
  /** Whatever starts or ends a machine, or writes of it on the disk. */
  const gate = createGate()
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
    const watching = watchLimits({ machine, workspace, limits, log: log.child({ sandboxId: record.id }) })
    const one: Live = {
      record: running,
      machine,
      limits,
      endAt: 0,
      cpu: { ticks: 0, at: now },
      stopWatching: watching.stop,
      diskUsed: watching.diskUsed,
    }
    live.set(record.id, one)
    void machine.ended.then(() => {
      watching.stop()
      if (live.get(record.id) !== one) return
      live.delete(record.id)
      clearTimeout(timers.get(record.id))
      for (const listener of diedListeners) listener(record.id, machine.memory.recent() !== undefined)
    })
    await store.save(running)
    setEnd(one, running.timeoutMs)
    return one
  }

  /** One start at a time for each sandbox. */
  function start(record: SandboxRecord): Promise<Live> {
    const under = starting.get(record.id)
    if (under) return under
    const begun = launch(record).finally(() => starting.delete(record.id))
    starting.set(record.id, begun)
    return begun
  }

  function setEnd(one: Live, timeoutMs: number): void {
    const { id } = one.record
    one.endAt = clock.now() + timeoutMs
    clearTimeout(timers.get(id))
    const timer = setTimeout(() => void end(one), Math.min(timeoutMs, maxTimerMs))
    timer.unref()
    timers.set(id, timer)
  }

  async function end(one: Live): Promise<void> {
    try {
      const { id, onTimeout, keepMemory } = one.record
      await gate.pass(() => (onTimeout === 'pause' ? pause(id, keepMemory) : remove(id)))
    } catch (thrown) {
      log.error({ sandboxId: one.record.id, err: thrown }, 'a sandbox past its time could not be ended')
    }
  }

  /** @returns false when it was paused already. */
  async function pause(id: string, keepMemory: boolean): Promise<boolean> {
    await starting.get(id)?.catch(() => undefined)
    const one = live.get(id)
    if (!one || (one.machine.frozen && keepMemory)) return false
    clearTimeout(timers.get(id))
    if (keepMemory) one.machine.freeze()
    else await drop(one)
    return true
  }

  async function drop(one: Live): Promise<void> {
    const { id } = one.record
    live.delete(id)
    clearTimeout(timers.get(id))
    one.stopWatching()
    await one.machine.kill()
  }

  async function remove(id: string): Promise<boolean> {
    if (!store.records.has(id)) return false
    await starting.get(id)?.catch(() => undefined)
    const one = live.get(id)
    if (one) await drop(one)
    await store.remove(id)
    return true
  }

  async function create(wanted: Wanted): Promise<Live> {
    const now = clock.now()
    const record: SandboxRecord = {
      ...wanted,
      id: `i${randomBytes(10).toString('hex')}`,
      token: randomBytes(24).toString('hex'),
      createdAt: now,
      startedAt: now,
      uid: store.nextUid(),
      limits: {},
      process: null,
    }
    await store.save(record)
    try {
      return await start(record)
    } catch (thrown) {
      await store.remove(record.id)
      throw thrown
    }
  }

  async function connect(id: string, timeoutMs: number, cold: boolean): Promise<Live | undefined> {
    const known = live.get(id)
    if (known?.machine.frozen && cold) await drop(known)
    const record = store.records.get(id)
    if (!record) return undefined
    const one = live.get(id) ?? (await start(record))
    const wasFrozen = one.machine.frozen
    if (wasFrozen) one.machine.thaw()
    if (wasFrozen || clock.now() + timeoutMs > one.endAt) setEnd(one, timeoutMs)
    return one
  }

  async function setLimits(id: string, limits: OwnLimits): Promise<boolean> {
    const record = live.get(id)?.record ?? store.records.get(id)
    if (!record) return false
    record.limits = { ...limits }
    await store.save(record)
    const one = live.get(id)
    if (one) {
      Object.assign(one.limits, deps.machine.limits, limits)
      one.machine.setLimits(one.limits)
    }
    return true
  }

  return {
    live,
    records: store.records,
    canCloseNetwork: deps.machine.isolator.level !== 'none',
    stateOf: (id: string): 'running' | 'paused' => {
      const one = live.get(id)
      return one && !one.machine.frozen ? 'running' : 'paused'
    },
    /** Ends what a host that died has left behind. */
    async reap(): Promise<void> {
      for (const { id, process: left } of store.records.values()) {
        if (!left || readStat(left.pid)?.startTime !== left.startTime) continue
        if (left.folder !== undefined && left.folder !== (await store.folderId(id))) continue
        log.warn({ sandboxId: id }, 'a sandbox of an earlier host is ended')
        try {
          process.kill(left.pid, 'SIGKILL')
        } catch {
          // It ended by itself.
        }
      }
    },
    create: (wanted: Wanted): Promise<Live> => gate.pass(() => create(wanted)),
    /** Running afterwards; its time is at least `timeoutMs` from now. @returns undefined when there is no such sandbox. */
    connect: (id: string, timeoutMs: number, cold: boolean): Promise<Live | undefined> => gate.pass(() => connect(id, timeoutMs, cold)),
    setTimeout(id: string, timeoutMs: number): boolean {
      const one = live.get(id)
      if (!one || one.machine.frozen) return false
      setEnd(one, timeoutMs)
      return true
    },
    limitsOf: (record: SandboxRecord): Limits => ({ ...deps.machine.limits, ...record.limits }),
    setLimits: (id: string, limits: OwnLimits): Promise<boolean> => gate.pass(() => setLimits(id, limits)),
    /** @returns false when it was paused already. */
    pause: (id: string, keepMemory: boolean): Promise<boolean> => gate.pass(() => pause(id, keepMemory)),
    remove: (id: string): Promise<boolean> => gate.pass(() => remove(id)),
    /**
     * Every machine stands still, and nothing is started, ended or written until what is handed back is called. What is under way is
     * waited for.
     */
    async quiesce(): Promise<() => void> {
      const open = await gate.close()
      const held: (() => void)[] = []
      const goOn = () => {
        for (const release of held.splice(0)) release()
        open()
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
