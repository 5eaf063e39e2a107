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
