import type { z } from 'zod'
import type { Lifecycle } from './lifecycle.ts'
import type { Live } from './machines.ts'
import type { ListQuery, MetricsQuery } from './options.ts'
import { readStat, treeOf } from './proc.ts'
import type { SandboxRecord } from './store.ts'

/** The envd whose calls the agent answers: decides which ones the SDK makes. */
const envdVersion = '0.6.4'

type Known = Pick<Lifecycle, 'limitsOf' | 'live' | 'stateOf'>

/** A sandbox as every answer of the control API shows it. */
export function describe(record: SandboxRecord, { limitsOf, live, stateOf }: Known) {
  const limits = limitsOf(record)
  return {
    sandboxID: record.id,
    templateID: record.template,
    alias: record.template,
    clientID: 'local',
    metadata: record.metadata,
    startedAt: new Date(record.startedAt).toISOString(),
    endAt: new Date(live.get(record.id)?.endAt ?? record.startedAt + record.timeoutMs).toISOString(),
    state: stateOf(record.id),
    cpuCount: Math.max(1, Math.round(limits.cpus)),
    memoryMB: Math.round(limits.memoryBytes / 1024 / 1024),
    diskSizeMB: Math.round(limits.diskBytes / 1024 / 1024),
    envdVersion,
  }
}

/** For who may use it: with its secrets. */
export const describeConnection = (record: SandboxRecord, known: Known) => ({
  ...describe(record, known),
  envdAccessToken: record.token,
  ...(record.trafficToken !== null && { trafficAccessToken: record.trafficToken }),
})

/** With what it was made with. */
export const describeDetail = (record: SandboxRecord, known: Known) => ({
  ...describe(record, known),
  ...(record.internet !== null && { allowInternetAccess: record.internet }),
  network: { allowPublicTraffic: record.trafficToken === null, ...(record.internet === false && { denyOut: ['0.0.0.0/0'] }) },
  lifecycle: { onTimeout: record.onTimeout, autoResume: record.autoResume },
})

/** Those that a list asks for, and where the next page begins. */
export function pageOf(records: Iterable<SandboxRecord>, query: z.infer<typeof ListQuery>, stateOf: Known['stateOf']) {
  const states = query.state?.split(',')
  const wanted = [...new URLSearchParams(query.metadata ?? '')].map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)])
  const found = [...records]
    .filter((one) => !states || states.includes(stateOf(one.id)))
    .filter((one) => wanted.every(([name = '', value]) => one.metadata[name] === value))
    .filter((one) => !query.startedAfter || one.startedAt >= query.startedAfter.getTime())
    .filter((one) => !query.template || one.template === query.template)
    .sort((a, b) => (query.order === 'asc' ? 1 : -1) * (a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1)))
  const from = query.nextToken ?? 0
  const next = from + query.limit
  return { page: found.slice(from, next), next: next < found.length ? next : undefined }
}

/** What a machine uses at `now`, and no other moment: nothing when the span asked for is over, or to come. */
export function measure(one: Live | undefined, { start, end }: z.infer<typeof MetricsQuery>, now: number) {
  const at = now / 1000
  if (!one || at < (start ?? 0) - 1 || at > (end ?? Number.POSITIVE_INFINITY) + 1) return []
  const { limits, machine, cpu } = one
  const stats = treeOf(machine.pid).map((pid) => readStat(pid))
  const ticks = stats.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0)
  // A tick is 10 ms: this many in a second is that many percent of a core. What has ended meanwhile is not counted.
  const percent = Math.max(0, (ticks - cpu.ticks) / Math.max((now - cpu.at) / 1000, 0.1))
  if (now - cpu.at > 1000) Object.assign(cpu, { ticks, at: now })
  return [
    {
      timestamp: new Date(now).toISOString(),
      timestampUnix: Math.floor(now / 1000),
      cpuCount: Math.max(1, Math.round(limits.cpus)),
      cpuUsedPct: Math.round(percent * 10) / 10,
      memUsed: stats.reduce((sum, stat) => sum + (stat?.residentBytes ?? 0), 0),
      memTotal: limits.memoryBytes,
      memCache: 0,
      diskUsed: one.diskUsed(),
      diskTotal: limits.diskBytes,
    },
  ]
}
