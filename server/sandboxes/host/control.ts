import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../base/clock.ts'
import { describe, describeConnection, describeDetail, measure, pageOf } from './control-answers.ts'
import { parse, readJson, Refusal } from './control-input.ts'
import type { Lifecycle } from './lifecycle.ts'
import { Connect, ListQuery, MetricsQuery, NewSandbox, Pause, Timeout, whyRefused } from './options.ts'
import { answerJson } from './relay.ts'
import type { SandboxRecord } from './store.ts'

const defaultTimeoutS = 300

type Call = { request: IncomingMessage; response: ServerResponse; url: URL }

/** E2B's control API: `/sandboxes…`, with or without a version in front. */
export function createControl({ lifecycle, clock }: { lifecycle: Lifecycle; clock: Clock }) {
  async function route({ request, response, url }: Call): Promise<void> {
    const path = url.pathname.replace(/^\/v\d+(?=\/)/, '').slice(1)
    const why = whyRefused(String(request.method), path)
    if (why !== undefined) throw new Refusal(400, why)
    const [collection, id, action, ...rest] = path.split('/')
    if (collection !== 'sandboxes' || rest.length > 0) throw new Refusal(404, `nothing at ${url.pathname}`)
    if (id === undefined) {
      if (request.method === 'GET') return list(response, url.searchParams)
      if (request.method === 'POST') return create(request, response)
      throw new Refusal(405, 'the method may be GET or POST')
    }
    const record = lifecycle.records.get(id)
    if (!record) throw new Refusal(404, `sandbox ${id} was not found`)
    return routeOne(record, `${request.method} ${action ?? ''}`.trim(), { request, response, url })
  }

  function list(response: ServerResponse, search: URLSearchParams): void {
    const { page, next } = pageOf(lifecycle.records.values(), parse(ListQuery, Object.fromEntries(search)), lifecycle.stateOf)
    const answer = page.map((record) => describe(record, lifecycle))
    answerJson(response, 200, answer, next === undefined ? {} : { 'x-next-token': String(next) })
  }

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
    answerJson(response, 201, describeConnection(made.record, lifecycle))
  }

  async function routeOne(record: SandboxRecord, call: string, { request, response, url }: Call): Promise<void> {
    const { id } = record
    switch (call) {
      case 'GET':
        return answerJson(response, 200, describeDetail(record, lifecycle))
      case 'DELETE':
        await lifecycle.remove(id)
        return answerJson(response, 204, undefined)
      case 'GET metrics': {
        const span = parse(MetricsQuery, Object.fromEntries(url.searchParams))
        return answerJson(response, 200, measure(lifecycle.live.get(id), span, clock.now()))
      }
      case 'POST connect':
      case 'POST resume': {
        const { timeout, memory } = parse(Connect, await readJson(request))
        const wasRunning = lifecycle.stateOf(id) === 'running'
        const one = await lifecycle.connect(id, (timeout ?? defaultTimeoutS) * 1000, memory === false)
        if (!one) throw new Refusal(404, `sandbox ${id} was not found`)
        return answerJson(response, wasRunning ? 200 : 201, describeConnection(one.record, lifecycle))
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
        await route({ request, response, url })
      } catch (thrown) {
        const status = thrown instanceof Refusal ? thrown.status : 500
        answerJson(response, status, { code: status, message: thrown instanceof Error ? thrown.message : String(thrown) })
      }
    },
  }
}
