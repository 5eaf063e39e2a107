import { randomBytes } from 'node:crypto'
import type { Clock } from '../../base/clock.ts'
import { createGate } from '../../base/gate.ts'
import type { Logger } from '../../base/logger.ts'
import type { Limits, OwnLimits } from './isolation/plan.ts'
import type { MachineDeps } from './machine.ts'
import { createMachines } from './machines.ts'
import type { Live } from './machines.ts'
import { readStat } from './proc.ts'
import type { SandboxRecord, Store } from './store.ts'

export type Lifecycle = ReturnType<typeof createLifecycle>

type Wanted = Omit<SandboxRecord, 'id' | 'token' | 'createdAt' | 'startedAt' | 'uid' | 'limits' | 'process'>

const newRecord = (wanted: Wanted, uid: number, now: number): SandboxRecord => ({
  ...wanted,
  id: `i${randomBytes(10).toString('hex')}`,
  token: randomBytes(24).toString('hex'),
  createdAt: now,
  startedAt: now,
  uid,
  limits: {},
  process: null,
})

/**
 * Every sandbox of this host: running, frozen, or only files. A sandbox without a machine is "paused" in the protocol's
 * words; connecting starts one on its files.
 */
export function createLifecycle(deps: { store: Store; machine: Omit<MachineDeps, 'log'>; clock: Clock; log: Logger }) {
  const { store, clock, log } = deps
  const machines = createMachines({ ...deps, timeUp: (one) => void end(one) })
  const { live } = machines
  /** Whatever starts or ends a machine, or writes of it on the disk. */
  const gate = createGate()

  async function end({ record: { id, onTimeout, keepMemory } }: Live): Promise<void> {
    try {
      await gate.pass(() => (onTimeout === 'pause' ? pause(id, keepMemory) : remove(id)))
    } catch (thrown) {
      log.error({ sandboxId: id, err: thrown }, 'a sandbox past its time could not be ended')
    }
  }

  async function pause(id: string, keepMemory: boolean): Promise<boolean> {
    await machines.started(id)
    const one = live.get(id)
    if (!one || (one.machine.frozen && keepMemory)) return false
    if (keepMemory) machines.freeze(one)
    else await machines.drop(one)
    return true
  }

  async function remove(id: string): Promise<boolean> {
    if (!store.records.has(id)) return false
    await machines.started(id)
    const one = live.get(id)
    if (one) await machines.drop(one)
    await store.remove(id)
    return true
  }

  async function create(wanted: Wanted): Promise<Live> {
    const record = newRecord(wanted, store.nextUid(), clock.now())
    await store.save(record)
    try {
      return await machines.start(record)
    } catch (thrown) {
      await store.remove(record.id)
      throw thrown
    }
  }

  async function connect(id: string, timeoutMs: number, cold: boolean): Promise<Live | undefined> {
    const known = live.get(id)
    if (known?.machine.frozen && cold) await machines.drop(known)
    const record = store.records.get(id)
    if (!record) return undefined
    const one = live.get(id) ?? (await machines.start(record))
    const wasFrozen = one.machine.frozen
    if (wasFrozen) one.machine.thaw()
    if (wasFrozen || clock.now() + timeoutMs > one.endAt) machines.setEnd(one, timeoutMs)
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
    reap: () => endLeftBehind(store, log),
    create: (wanted: Wanted): Promise<Live> => gate.pass(() => create(wanted)),
    /** Running afterwards; its time is at least `timeoutMs` from now. @returns undefined when there is no such sandbox. */
    connect: (id: string, timeoutMs: number, cold: boolean): Promise<Live | undefined> => gate.pass(() => connect(id, timeoutMs, cold)),
    setTimeout(id: string, timeoutMs: number): boolean {
      const one = live.get(id)
      if (!one || one.machine.frozen) return false
      machines.setEnd(one, timeoutMs)
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
      try {
        const goOn = await machines.holdAll()
        return () => {
          goOn()
          open()
        }
      } catch (thrown) {
        open()
        throw thrown
      }
    },
    /** Called when a machine ended and nobody asked for it. */
    onDied: machines.onDied,
    stop: machines.stop,
  }
}

async function endLeftBehind(store: Store, log: Logger): Promise<void> {
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
}
