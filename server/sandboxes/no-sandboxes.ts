import { AppError } from '#shared/base/errors.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Sandboxes } from './port.ts'
import type { NoProvider } from './provider.ts'

/** Where there are none: turned off, or refused for want of isolation. */
export function noSandboxes({ name, isolation, detail }: NoProvider, since: number): Sandboxes {
  const state: SandboxState = { status: name === 'off' ? 'off' : 'failed', isolation, detail, since }
  const refuse = () => Promise.reject(new AppError('unavailable', detail))
  return {
    isolation,
    get: refuse,
    wake: refuse,
    state: async () => state,
    states: () => [],
    pause: async () => state,
    kill: async () => state,
    restart: refuse,
    usage: async () => undefined,
    limits: refuse,
    setLimits: refuse,
    connect: () => {},
    remove: async () => {},
    onState: () => {},
    quiesce: async () => () => {},
    stop: async () => {},
  }
}
