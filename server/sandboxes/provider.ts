import type { Isolation, SandboxCeilings, SandboxLimits } from '#shared/sandboxes/schema.ts'
import { Sandbox } from '@e2b/code-interpreter'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Config } from '../config.ts'
import type { Patience } from './bounded-fetch.ts'
import { boundSandbox } from './bounded-sdk.ts'
import { ceilingsOf, clamp, placeCeilingsOf } from './ceilings.ts'
import { readHostId } from './host-id.ts'
import { defaultLimits, startLocalHost } from './host/host.ts'
import type { HostGroups } from './host/host.ts'
import type { Limits } from './host/isolation/plan.ts'
import { probeIsolation } from './host/isolation/probe.ts'
import type { PlaceCeilings } from './place-rules.ts'

/** Where sandboxes are: what the SDK needs to reach it, and what differs between the places. */
export type Provider = {
  name: 'local' | 'e2b'
  isolation: Isolation
  /** Of this machine and data folder; undefined for a cloud, which any server reaches. */
  hostId?: string
  /** Of a cloud: the data folder whose sandboxes are this server's own, among those of all servers with the same key. */
  home?: string
  connection: { apiKey: string; apiUrl?: string; sandboxUrl?: string }
  /** Its time is given to it in parts of this length, and renewed while somebody works. */
  idleMs: number
  /** What is left of it when its time runs out. */
  restsAs: 'paused' | 'stopped'
  usualLimits: SandboxLimits
  ceilings: SandboxCeilings
  places: PlaceCeilings
  /** Undefined where they are not ours to set. */
  setLimits?(sandboxId: string, limits: Partial<SandboxLimits>): Promise<void>
  killsTree: boolean
  onDied(listener: (sandboxId: string, forMemory: boolean) => void): void
  /** Where their files are in the data folder: nothing of them changes until what is handed back is called. */
  quiesce?(): Promise<() => void>
  stop(): Promise<void>
}

export type NoProvider = { name: 'off' | 'refused'; isolation: Isolation; detail: string }

const minuteMs = 60_000
const usualIdleMinutes = 30
/** What E2B gives a sandbox of its usual template. */
const cloudLimits: SandboxLimits = {
  cpus: 2,
  memoryBytes: 512 * 2 ** 20,
  diskBytes: 10 * 2 ** 30,
  processes: 10_000,
  idleMinutes: usualIdleMinutes,
}
const pick = ({ cpus, memoryBytes, diskBytes, processes }: Limits) => ({ cpus, memoryBytes, diskBytes, processes })

export async function openProvider(deps: {
  config: Pick<Config, 'dataDir' | 'sandbox'>
  clock: Clock
  log: Logger
  limits?: Partial<Limits>
  groups?: HostGroups
}): Promise<Provider | NoProvider> {
  const { config, clock, log } = deps
  if (config.sandbox.provider === 'off') return { name: 'off', isolation: 'unavailable', detail: 'Sandboxes are turned off (ATRIUM_SANDBOX=off).' }
  if (config.sandbox.provider === 'e2b') {
    return {
      name: 'e2b',
      isolation: 'cloud',
      home: await readHostId(config.dataDir),
      connection: { apiKey: config.sandbox.e2bApiKey ?? '' },
      idleMs: 15 * minuteMs,
      restsAs: 'paused',
      usualLimits: cloudLimits,
      ceilings: cloudLimits,
      // Its memory is none of this machine's.
      places: { ...placeCeilingsOf(config.sandbox.ceilings), totalMemoryBytes: Number.POSITIVE_INFINITY },
      killsTree: false,
      onDied: () => {},
      stop: async () => {},
    }
  }
  const probe = await probeIsolation({ unsafe: config.sandbox.unsafe })
  if (!probe.isolator) {
    log.warn({ detail: probe.detail }, 'no local sandbox')
    return { name: 'refused', isolation: 'unavailable', detail: probe.detail }
  }
  const ceilings = ceilingsOf(config.sandbox.ceilings)
  const host = await startLocalHost({
    dataDir: config.dataDir,
    isolator: probe.isolator,
    egress: config.sandbox.egress,
    clock,
    log,
    limits: clamp({ ...defaultLimits(), ...deps.limits }, ceilings),
    ...(deps.groups && { groups: deps.groups }),
  })
  return {
    name: 'local',
    isolation: host.isolation,
    hostId: await readHostId(config.dataDir),
    connection: { apiKey: host.apiKey, apiUrl: host.url, sandboxUrl: host.url },
    idleMs: 60 * minuteMs,
    restsAs: 'stopped',
    usualLimits: { ...pick(host.limits), idleMinutes: usualIdleMinutes },
    ceilings,
    places: placeCeilingsOf(config.sandbox.ceilings),
    async setLimits(sandboxId, { idleMinutes: _, ...limits }) {
      await host.setLimits(sandboxId, limits)
    },
    killsTree: true,
    onDied: host.onDied,
    quiesce: host.quiesce,
    stop: host.stop,
  }
}

export type Calls = ReturnType<typeof callsTo>

/** The SDK's calls, with the provider's address and key. */
export function callsTo({ connection, idleMs, home }: Provider, patience?: Patience) {
  const base = { ...connection, requestTimeoutMs: 60_000 }
  return {
    create: async (metadata: Record<string, string>) =>
      boundSandbox(
        await Sandbox.create({
          ...base,
          metadata: { ...metadata, ...(home && { atriumHome: home }) },
          timeoutMs: idleMs,
          allowInternetAccess: true,
          lifecycle: { onTimeout: 'pause' },
        }),
        patience,
      ),
    /** Resumes what is paused. @param cold without what was in its memory */
    connect: async (id: string, cold: boolean) =>
      boundSandbox(await Sandbox.connect(id, { ...base, timeoutMs: idleMs, ...(cold && { onResume: 'reboot' }) }), patience),
    async findByMetadata(metadata: Record<string, string>): Promise<string | undefined> {
      const found = await Sandbox.list({ ...base, query: { metadata }, limit: 20 }).nextItems()
      // A server that was restored from a backup of another knows the same projects. Sandboxes of before say nothing of whose they are.
      return found.find(({ metadata: { atriumHome } }) => home === undefined || atriumHome === undefined || atriumHome === home)?.sandboxId
    },
    pause: (id: string, keepMemory: boolean) => Sandbox.pause(id, { ...base, keepMemory }),
    renew: (id: string) => Sandbox.setTimeout(id, idleMs, base),
    remove: (id: string) => Sandbox.kill(id, base),
  }
}
