import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { Clock } from '../../base/clock.ts'
import type { Lifecycle, Live } from './lifecycle.ts'
import { Connect, ListQuery, MetricsQuery, NewSandbox, Pause, Timeout, whyRefused } from './options.ts'
import { readStat, treeOf } from './proc.ts'
import { answerJson } from './relay.ts'
import type { SandboxRecord } from './store.ts'

/** The envd whose calls the agent answers: decides which ones the SDK makes. */
const envdVersion = '0.6.4'
const defaultTimeoutS = 300
const maxBodyBytes = 1024 * 1024

class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** E2B's control API: `/sandboxes…`, with or without a version in front. */
export function createControl(deps: { lifecycle: Lifecycle; clock: Clock }) {
  const { lifecycle, clock } = deps

  const describe = (record: SandboxRecord) => {
    const limits = lifecycle.limitsOf(record)
    return {
      sandboxID: record.id,
      templateID: record.template,
      alias: record.template,
      clientID: 'local',
      metadata: record.metadata,
      startedAt: new Date(record.startedAt).toISOString(),
      endAt: new Date(lifecycle.live.get(record.id)?.endAt ?? record.startedAt + record.timeoutMs).toISOString(),
      state: lifecycle.stateOf(record.id),
      cpuCount: Math.max(1, Math.round(limits.cpus)),
      memoryMB: Math.round(limits.memoryBytes / 1024 / 1024),
      diskSizeMB: Math.round(limits.diskBytes / 1024 / 1024),
      envdVersion,
    }
  }
  const connection = ({ record }: Live) => ({
    ...describe(record),
    envdAccessToken: record.token,
    ...(record.trafficToken !== null && { trafficAccessToken: record.trafficToken }),
  })
  const detail = (record: SandboxRecord) => ({
    ...describe(record),
    ...(record.internet !== null && { allowInternetAccess: record.internet }),
    network: { allowPublicTraffic: record.trafficToken === null, ...(record.internet === false && { denyOut: ['0.0.0.0/0'] }) },
    lifecycle: { onTimeout: record.onTimeout, autoResume: record.autoResume },
  })

  function list(response: ServerResponse, search: URLSearchParams): void {
    const query = parse(ListQuery, Object.fromEntries(search))
    const states = query.state?.split(',')
    const wanted = [...new URLSearchParams(query.metadata ?? '')].map(([name, value]) => [decodeURIComponent(name), decodeURIComponent(value)])
    const found = [...lifecycle.records.values()]
      .filter((one) => !states || states.includes(lifecycle.stateOf(one.id)))
      .filter((one) => wanted.every(([name = '', value]) => one.metadata[name] === value))
      .filter((one) => !query.startedAfter || one.startedAt >= query.startedAfter.getTime())
      .filter((one) => !query.template || one.template === query.template)
      .sort((a, b) => (query.order === 'asc' ? 1 : -1) * (a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1)))
    const from = query.nextToken ?? 0
    const next = from + query.limit
    answerJson(response, 200, found.slice(from, next).map(describe), next < found.length ? { 'x-next-token': String(next) } : {})
  }

  function metrics(one: Live | undefined, search: URLSearchParams) {
    const { start, end } = parse(MetricsQuery, Object.fromEntries(search))
    const at = clock.now() / 1000
    // There is the present moment and no other: none of it lies in a span that is over, or to come.
    if (!one || at < (start ?? 0) - 1 || at > (end ?? Number.POSITIVE_INFINITY) + 1) return []
    const { limits, machine, cpu } = one
    const stats = treeOf(machine.pid).map((pid) => readStat(pid))
    const now = clock.now()
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

  async function route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const path = url.pathname.replace(/^\/v\d+(?=\/)/, '').slice(1)
    const why = whyRefused(String(request.method), path)
    if (why !== undefined) throw new Refusal(400, why)
    const [collection, id, action, ...rest] = path.split('/')
    const call = `${request.method} ${action ?? ''}`.trim()
    if (collection !== 'sandboxes' || rest.length > 0) throw new Refusal(404, `nothing at ${url.pathname}`)
    if (id === undefined) {
      if (request.method === 'GET') return list(response, url.searchParams)
      if (request.method !== 'POST') throw new Refusal(405, 'the method may be GET or POST')
      const body = parse(NewSandbox, await readJson(request))
      if (body.internet === false && !lifecycle.canCloseNetwork)
        throw new Refusal(400, 'allow_internet_access: without isolation the network cannot be closed')
      const made = await lifecycle.create({
        template: body.templateID,
        metadata: body.metadata ?? {},
        envs: body.envVars ?? {},
        timeoutMs: (body.timeout ?? defaultTimeoutS) * 1000,
        onTimeout: body.autoPause ? 'pause' : 'kill',
        keepMemory: body.keepMemory,
        autoResume: body.autoResume?.enabled ?? false,
        internet: body.internet,
        trafficToken: body.publicTraffic ? null : randomBytes(24).toString('hex'),
      })
      return answerJson(response, 201, connection(made))
    }
    const record = lifecycle.records.get(id)
    if (!record) throw new Refusal(404, `sandbox ${id} was not found`)
    switch (call) {
      case 'GET':
        return answerJson(response, 200, detail(record))
      case 'DELETE':
        await lifecycle.remove(id)
        return answerJson(response, 204, undefined)
      case 'GET metrics':
        return answerJson(response, 200, metrics(lifecycle.live.get(id), url.searchParams))
      case 'POST connect':
      case 'POST resume': {
        const { timeout, memory } = parse(Connect, await readJson(request))
        const wasRunning = lifecycle.stateOf(id) === 'running'
        const one = await lifecycle.connect(id, (timeout ?? defaultTimeoutS) * 1000, memory === false)
        if (!one) throw new Refusal(404, `sandbox ${id} was not found`)
        return answerJson(response, wasRunning ? 200 : 201, connection(one))
      }
      case 'POST timeout': {
        const { timeout } = parse(Timeout, await readJson(request))
        if (!lifecycle.setTimeout(id, timeout * 1000)) throw new Refusal(404, `sandbox ${id} is not running`)
        return answerJson(response, 204, undefined)
      }
      case 'POST pause': {
        const { memory } = parse(Pause, await readJson(request))
        if (!(await lifecycle.pause(id, memory !== false))) throw new Refusal(409, `sandbox ${id} is paused already`)
        return answerJson(response, 204, undefined)
      }
      default:
        throw new Refusal(404, `nothing at ${url.pathname}`)
    }
  }

  return {
    async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
      try {
        await route(request, response, url)
      } catch (thrown) {
        const status = thrown instanceof Refusal ? thrown.status : 500
        answerJson(response, status, { code: status, message: thrown instanceof Error ? thrown.message : String(thrown) })
      }
    },
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Refusal(400, `${issue?.path.join('.') || 'the body'}: ${issue?.message}`)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Refusal(413, 'the body is too large')
    chunks.push(chunk)
  }
  if (size === 0) return {}
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
}
