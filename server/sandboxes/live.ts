import type { Sandbox as CodeSandbox } from '@e2b/code-interpreter'
import { e2bSandbox } from './e2b.ts'
import type { Provider } from './provider.ts'
import type { Live } from './room.ts'
import { timeGiven } from './room-rules.ts'

type Deps = {
  provider: Provider
  renewMs: number
  now(): number
  /** Before each use. */
  onUse(live: Live): void
  /** A call has found that the sandbox is gone. */
  onGone(): void
}

/** A sandbox that runs from now on, and counts who uses it. */
export function openLive(raw: CodeSandbox, { provider, renewMs, now, onUse, onGone }: Deps): Live {
  const startedAt = now()
  const live: Live = {
    id: raw.sandboxId,
    raw,
    holds: 0,
    ...timeGiven(startedAt, { idleMs: provider.idleMs, renewMs }),
    usedAt: startedAt,
    dirty: true,
    copiedAt: startedAt,
    copying: Promise.resolve(),
    sandbox: e2bSandbox({
      sandbox: raw,
      localUrl: provider.connection.sandboxUrl,
      sharedNetwork: provider.isolation === 'none',
      killsTree: provider.killsTree,
      onUse() {
        live.usedAt = now()
        live.dirty = true
        onUse(live)
      },
      onGone,
      hold() {
        live.holds++
        let held = true
        return () => {
          if (held) live.holds--
          held = false
        }
      },
    }),
  }
  return live
}
