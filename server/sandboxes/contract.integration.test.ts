import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { systemClock } from '../base/clock.ts'
import { needs } from '../testing/require.ts'
import { ceilingsOf, placeCeilingsOf } from './ceilings.ts'
import { sandboxContract } from './contract.ts'
import { machineContract } from './contract-machine.ts'
import { e2bSandbox } from './e2b.ts'
import { startLocalHost } from './host/host.ts'
import { probeIsolation } from './host/isolation/probe.ts'
import { callsTo, openProvider } from './provider.ts'
import type { Provider } from './provider.ts'

const log = pino({ level: 'silent' })

async function openOn(provider: Provider) {
  const calls = callsTo(provider)
  const opened = await calls.create({ test: newId<ProjectId>('prj') })
  const sandbox = e2bSandbox({
    sandbox: opened,
    localUrl: provider.connection.sandboxUrl,
    sharedNetwork: provider.isolation === 'none',
    onUse: () => {},
    onGone: () => {},
    hold: () => () => {},
    killsTree: provider.killsTree,
  })
  return { sandbox, close: async () => void (await calls.remove(opened.sandboxId)) }
}

const needed = { desktop: await needs('desktop'), figures: await needs('figures'), python: await needs('python') }

for (const level of ['bubblewrap', 'namespaces'] as const) {
  const probe = await probeIsolation({ unsafe: false, only: level })
  describe(`the ${level} level`, await needs(level), () => {
    const openHere = async () => {
      if (!probe.isolator) throw new Error(probe.detail)
      const dataDir = await mkdtemp(join(tmpdir(), 'atrium-contract-'))
      const host = await startLocalHost({ dataDir, isolator: probe.isolator, egress: [], clock: systemClock, log })
      const { sandbox, close } = await openOn({
        name: 'local',
        isolation: host.isolation,
        connection: { apiKey: host.apiKey, apiUrl: host.url, sandboxUrl: host.url },
        idleMs: 600_000,
        restsAs: 'stopped',
        usualLimits: { cpus: 1, memoryBytes: 2 ** 30, diskBytes: 2 ** 30, processes: 500, idleMinutes: 30 },
        ceilings: ceilingsOf(),
        places: placeCeilingsOf(),
        killsTree: true,
        onDied: host.onDied,
        stop: host.stop,
      })
      return {
        sandbox,
        async close() {
          await close()
          await host.stop()
          await rm(dataDir, { recursive: true, force: true })
        },
      }
    }
    sandboxContract(`the local host (${level})`, openHere)
    machineContract(`the local host (${level})`, openHere, needed)
  })
}

const cloudKey = process.env.E2B_API_KEY
if (!cloudKey) console.warn("not asked: the sandbox contract on E2B's cloud; E2B_API_KEY is not set")
else {
  const openThere = async () => {
    const sandbox = { provider: 'e2b' as const, e2bApiKey: cloudKey, unsafe: false, egress: [] }
    const provider = await openProvider({ config: { dataDir: '', sandbox }, clock: systemClock, log })
    if ('detail' in provider) throw new Error(provider.detail)
    return openOn(provider)
  }
  sandboxContract("E2B's cloud", openThere)
  machineContract("E2B's cloud", openThere, { desktop: {}, figures: {}, python: {} })
}
