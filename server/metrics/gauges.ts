import { Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import { RunStatus, finalRunStatuses } from '#shared/runs/schema.ts'
import { SandboxStatus } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { socketKinds } from './schema.ts'
import type { Readings } from './port.ts'
import { createStored } from './stored.ts'
import type { Stored } from './stored.ts'

const runStates = RunStatus.options.filter((status) => !finalRunStatuses.includes(status))
/** Of pg-boss, and two of ours for what is due (`waiting`) and what is not yet (`planned`). */
const jobStates = ['planned', 'waiting', 'retry', 'active', 'completed', 'cancelled', 'failed']

type Deps = { registry: Registry; database: Database; clock: Clock; readings: () => Readings; pace?: Parameters<typeof createStored>[1] }

/**
 * The metrics that are read when somebody asks. @returns the text of all of them: in time also while the database hangs, then with what
 * was known of it last
 */
export function createScrape({ registry, database, clock, readings, pace }: Deps): () => Promise<string> {
  const registers = [registry]
  const stored = createStored(database, pace)
  const failures = new Counter({
    name: 'atrium_scrape_errors_total',
    help: 'Scrapes in which a source did not answer in time: what it tells is then older.',
    labelNames: ['source'],
    registers,
  })
  failures.inc({ source: 'database' }, 0)
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  const gaugeBy = (label: string, name: string, help: string) => new Gauge({ name, help, labelNames: [label], registers })
  const showMemory = memoryGauges(gauge, gaugeBy)
  const showStored = storedGauges(gauge, gaugeBy)

  return async () => {
    if (!(await stored.refresh())) failures.inc({ source: 'database' })
    showMemory(readings())
    showStored(stored.newest(), clock.now() / 1000)
    return registry.metrics()
  }
}

type MakeGauge = (name: string, help: string) => Gauge
type MakeGaugeBy = (label: string, name: string, help: string) => Gauge

function memoryGauges(gauge: MakeGauge, gaugeBy: MakeGaugeBy): (readings: Readings) => void {
  const sockets = gaugeBy('kind', 'atrium_sockets_open', 'Open websockets.')
  const streams = gauge('atrium_event_streams_open', 'Open streams of session events.')
  const leases = gaugeBy('kind', 'atrium_leases_held', 'Rooms whose documents this process writes, and runs that it executes.')
  const loaded = gauge('atrium_documents_loaded', 'Documents in memory.')
  const pending = gauge('atrium_document_updates_pending', 'Updates of documents that were accepted and are not durable yet.')
  const oldest = gauge('atrium_document_oldest_pending_update_age_seconds', 'Age of the oldest of these updates; 0 without any.')
  const sandboxes = gaugeBy('state', 'atrium_sandboxes', 'Sandboxes that were looked at since the server started.')
  const inUse = gauge('atrium_database_connections_in_use', 'Connections that serve a query or a transaction.')
  const most = gauge('atrium_database_connections_max', 'Connections that there may be.')
  const waiting = gauge('atrium_database_waiting', 'Queries and transactions that wait for a connection.')
  return (now) => {
    for (const kind of socketKinds) sockets.set({ kind }, now.sockets[kind])
    streams.set(now.eventStreams)
    for (const kind of ['room', 'run'] as const) leases.set({ kind }, now.leases[kind])
    loaded.set(now.documents.loaded)
    pending.set(now.documents.pending)
    oldest.set(now.documents.oldestMs / 1000)
    for (const state of SandboxStatus.options) sandboxes.set({ state }, now.sandboxes.filter((status) => status === state).length)
    inUse.set(now.database.inUse)
    most.set(now.database.most)
    waiting.set(now.database.waiting)
  }
}

function storedGauges(gauge: MakeGauge, gaugeBy: MakeGaugeBy): (stored: Stored, now: number) => void {
  const runs = gaugeBy('state', 'atrium_runs', 'Runs that have not ended.')
  const approvals = gauge('atrium_approvals_waiting', 'Requests that wait for a decision.')
  const oldest = gauge('atrium_approvals_oldest_age_seconds', 'Age of the oldest of these requests; 0 without any.')
  const jobs = gaugeBy('state', 'atrium_jobs', 'Background jobs; those that ended are kept for an hour.')
  const jobAge = gaugeBy(
    'state',
    'atrium_jobs_oldest_age_seconds',
    'For how long the oldest job of this state is due (or, active, runs); 0 without any.',
  )
  const age = gauge('atrium_stored_counts_age_seconds', 'Age of what is told of runs, approvals and jobs.')
  return ({ rows, at }, now) => {
    const of = (kind: string, state: string) => rows.find((row) => row.kind === kind && row.state === state)
    const ageOf = (row: ReturnType<typeof of>) => (row?.since ? Math.max(0, now - row.since) : 0)
    for (const state of runStates) runs.set({ state }, of('run', state)?.count ?? 0)
    approvals.set(of('approval', 'pending')?.count ?? 0)
    oldest.set(ageOf(of('approval', 'pending')))
    for (const state of jobStates) jobs.set({ state }, of('job', state)?.count ?? 0)
    for (const state of ['waiting', 'retry', 'active']) jobAge.set({ state }, ageOf(of('job', state)))
    age.set((performance.now() - at) / 1000)
  }
}
