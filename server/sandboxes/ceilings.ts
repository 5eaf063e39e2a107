import { cpus, totalmem } from 'node:os'
import type { SandboxCeilings, SandboxLimits } from '#shared/sandboxes/schema.ts'
import type { PlaceCeilings } from './place-rules.ts'

const mb = 2 ** 20
const gb = 2 ** 30

/** What an operator has set; the rest follows from the machine. Bytes are in MB. */
export type OperatorCeilings = {
  memoryMb?: number | undefined
  cpus?: number | undefined
  diskMb?: number | undefined
  processes?: number | undefined
  perPerson?: number | undefined
  running?: number | undefined
  totalMemoryMb?: number | undefined
}

/** Bytes that this server may use: a container has less than its machine. 0 and huge numbers say that nothing bounds it. */
export function memoryHere(bounded: number = process.constrainedMemory()): number {
  return bounded > 0 ? Math.min(bounded, totalmem()) : totalmem()
}

/** What one sandbox may be given at most, whatever its owner wants. Never more than this machine has. */
export function ceilingsOf(set: OperatorCeilings = {}): SandboxCeilings {
  const machine = { memory: memoryHere(), cores: cpus().length }
  return {
    memoryBytes: Math.min(set.memoryMb === undefined ? Math.min(4 * gb, Math.floor(machine.memory / 2)) : set.memoryMb * mb, machine.memory),
    cpus: Math.min(set.cpus ?? machine.cores, machine.cores),
    diskBytes: set.diskMb === undefined ? 10 * gb : set.diskMb * mb,
    processes: set.processes ?? 2000,
  }
}

/** What all may have together: as much memory as the machine, which few of them ever fill. */
export function placeCeilingsOf(set: OperatorCeilings = {}): PlaceCeilings {
  return {
    perPerson: set.perPerson ?? 4,
    running: set.running ?? Math.min(32, Math.max(4, 4 * cpus().length)),
    totalMemoryBytes: set.totalMemoryMb === undefined ? memoryHere() : set.totalMemoryMb * mb,
  }
}

/** The same limits, none beyond its ceiling. */
export function clamp<T extends Partial<SandboxLimits>>(limits: T, ceilings: SandboxCeilings): T {
  const clamped = { ...limits }
  for (const name of ['memoryBytes', 'cpus', 'diskBytes', 'processes'] as const) {
    const value = clamped[name]
    if (value !== undefined) clamped[name] = Math.min(value, ceilings[name])
  }
  return clamped
}
