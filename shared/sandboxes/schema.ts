import { z } from 'zod'
import { EpochMs } from '../base/time.ts'

export const SandboxStatus = z.enum(['off', 'stopped', 'starting', 'running', 'paused', 'failed'])
export type SandboxStatus = z.infer<typeof SandboxStatus>

/**
 * How strongly the sandbox is kept apart from the machine: `cloud` (E2B), `bubblewrap`, `namespaces` (util-linux), `none`
 * (unsafe opt-in), `unavailable` (refused; `detail` says how to mend it).
 */
export const Isolation = z.enum(['cloud', 'bubblewrap', 'namespaces', 'none', 'unavailable'])
export type Isolation = z.infer<typeof Isolation>

/** The sandbox of a room as people see it. Never holds an address or a token. */
export const SandboxState = z.object({
  status: SandboxStatus,
  isolation: Isolation,
  /** One sentence for people: why it failed, or how to mend it. */
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

/** What an owner may set. A machine that has less says so. */
export const SandboxLimits = z.object({
  cpus: z.number().min(0.1).max(64),
  memoryBytes: z
    .number()
    .int()
    .min(256 * megabyte)
    .max(256 * 1024 * megabyte),
  diskBytes: z
    .number()
    .int()
    .min(64 * megabyte)
    .max(1024 * 1024 * megabyte),
  processes: z.number().int().min(64).max(10_000),
  /** Without people, runs or processes for so long, it is paused. */
  idleMinutes: z.number().int().min(1).max(1440),
})
export type SandboxLimits = z.infer<typeof SandboxLimits>

export const DesktopSize = z.object({ width: z.number().int().min(320).max(3840), height: z.number().int().min(240).max(2160) })
export type DesktopSize = z.infer<typeof DesktopSize>

/** The desktop inside; `missing` names the programs that have to be installed, and how. */
export const DesktopStatus = z.union([
  z.object({ status: z.literal('stopped') }),
  z.object({ status: z.literal('running'), ...DesktopSize.shape }),
  z.object({ status: z.literal('missing'), missing: z.array(z.string()), installCommand: z.string() }),
])
export type DesktopStatus = z.infer<typeof DesktopStatus>
