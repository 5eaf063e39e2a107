import { z } from 'zod'
import { EpochMs } from '../base/time.ts'

export const SandboxStatus = z.enum(['off', 'stopped', 'waiting', 'starting', 'running', 'paused', 'failed'])
export type SandboxStatus = z.infer<typeof SandboxStatus>

/**
 * How strongly the sandbox is kept apart from the machine: `cloud` (E2B), `bubblewrap`, `namespaces` (util-linux), `unfiltered` (the
 * same without a filter of system calls), `none` (unsafe opt-in), `unavailable` (refused; `detail` says how to mend it).
 */
export const Isolation = z.enum(['cloud', 'bubblewrap', 'namespaces', 'unfiltered', 'none', 'unavailable'])
export type Isolation = z.infer<typeof Isolation>

/** The sandbox of a room as people see it. Never holds an address or a token. */
export const SandboxState = z.object({
  status: SandboxStatus,
  isolation: Isolation,
  /** One sentence for people: why it failed, how to mend it, or what it waits for. */
  detail: z.string().optional(),
  since: EpochMs,
})
export type SandboxState = z.infer<typeof SandboxState>

/** What a sandbox uses now. */
export const SandboxUsage = z.object({
  /** Of one core: 150 is one and a half. */
  cpuPercent: z.number().nonnegative(),
  cpus: z.number().positive(),
  memoryBytes: z.number().nonnegative(),
  memoryLimitBytes: z.number().nonnegative(),
  diskBytes: z.number().nonnegative(),
  diskLimitBytes: z.number().nonnegative(),
  /** When its processes were started. */
  startedAt: EpochMs,
})
export type SandboxUsage = z.infer<typeof SandboxUsage>

const megabyte = 1024 * 1024

/** From `least` to `most`, both included. */
export const limitBounds = {
  cpus: { least: 0.1, most: 64 },
  memoryBytes: { least: 256 * megabyte, most: 256 * 1024 * megabyte },
  diskBytes: { least: 64 * megabyte, most: 1024 * 1024 * megabyte },
  processes: { least: 64, most: 10_000 },
  idleMinutes: { least: 1, most: 1440 },
}
const bounded = ({ least, most }: { least: number; most: number }) => z.number().int().min(least).max(most)

/** What an owner may set. A machine that has less says so. */
export const SandboxLimits = z.object({
  cpus: z.number().min(limitBounds.cpus.least).max(limitBounds.cpus.most),
  memoryBytes: bounded(limitBounds.memoryBytes),
  diskBytes: bounded(limitBounds.diskBytes),
  processes: bounded(limitBounds.processes),
  /** Without people, runs or processes for so long, it is paused. */
  idleMinutes: bounded(limitBounds.idleMinutes),
})
export type SandboxLimits = z.infer<typeof SandboxLimits>

/** What the operator lets one sandbox have at most. */
export const SandboxCeilings = z.object({ cpus: z.number(), memoryBytes: z.number(), diskBytes: z.number(), processes: z.number() })
export type SandboxCeilings = z.infer<typeof SandboxCeilings>
export const LimitsAnswer = SandboxLimits.extend({ ceilings: SandboxCeilings })
export type LimitsAnswer = z.infer<typeof LimitsAnswer>

export const DesktopSize = z.object({ width: z.number().int().min(320).max(3840), height: z.number().int().min(240).max(2160) })
export type DesktopSize = z.infer<typeof DesktopSize>

/** The desktop inside; `missing` names the programs that have to be installed, and how. */
export const DesktopStatus = z.union([
  z.object({ status: z.literal('stopped') }),
  z.object({ status: z.literal('running'), ...DesktopSize.shape }),
  z.object({ status: z.literal('missing'), missing: z.array(z.string()), installCommand: z.string() }),
])
export type DesktopStatus = z.infer<typeof DesktopStatus>
