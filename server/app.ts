import { Hono } from 'hono'
import type { Context, Next } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, errorStatus } from '#shared/base/errors.ts'
import { apiCalls } from '#shared/wire/api.ts'
import { defineCall } from '#shared/wire/call.ts'
import { isOutdated, versionHeader } from '#shared/wire/protocol.ts'
import { withLogFields } from './base/log-fields.ts'
import type { Logger } from './base/logger.ts'
import { type ClientInfo, type ClientOf, peerOf } from './http/client-info.ts'
import { llmsText, openApi } from './http/describe-api.ts'
import { assetHeaders, securityHeaders } from './http/headers.ts'
import { createMethodsOf } from './http/paths.ts'
import { requestIdOf } from './http/request-id.ts'
import type { AppEnv } from './http/serve.ts'
import { createStaticFiles } from './http/static-files.ts'
import { toAppError } from './http/to-app-error.ts'
import type { Metrics } from './metrics/service.ts'

type Deps = {
  log: Logger
  metrics: Pick<Metrics, 'answered' | 'failed' | 'contentType'>
  /** The metrics as they are now. */
  scrape: () => Promise<string>
  version: string
  /** Resolves when requests can be served; throws the reason otherwise. */
  ready: () => Promise<void>
  /** Gives a call up that waits for a database which answers nobody. @throws AppError `unavailable` then */
  patiently: (call: () => Promise<void>) => Promise<void>
  /** The built client. */
  clientFolder: string
  previewHost: string
  clientOf: ClientOf
  /** Besides whoever is at the machine itself: who may read the metrics. @throws AppError who may not */
  checkReader: (request: Request, client: ClientInfo) => Promise<void>
  /** Adds the features' routes. */
  mount: (app: Hono<AppEnv>) => void
}

/** By whom the metrics may be read from elsewhere: an admin, and so a key of theirs that may read. */
export const metricsCall = defineCall({
  name: 'metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics for Prometheus.',
  access: { kind: 'admin' },
  answer: 'raw',
})

/** What is answered without being a call of the API. */
export const plainRoutes = [
  { method: 'GET', path: '/api/health' },
  { method: 'GET', path: '/api/ready' },
  { method: 'GET', path: '/api/openapi.json' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/llms.txt' },
] as const

/** Longer than anything takes on a busy machine: what is said then leads to whatever it waits for. */
const lateMs = 15_000
/** A request that took so long is told of although nothing went wrong. */
const slowMs = 2_000

/** Middleware, the features' routes, the client and the one error handler. */
export function createApp({
  log,
  metrics,
  scrape,
  version,
  ready,
  patiently,
  clientFolder,
  previewHost,
  clientOf,
  checkReader,
  mount,
}: Deps): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  const methodsOf = createMethodsOf([...apiCalls, ...plainRoutes])
  const client = createStaticFiles(clientFolder)
  const description = lazily(() => JSON.stringify(openApi(apiCalls, version)))

  const headersFor = (path: string) => (path.startsWith('/assets/') ? assetHeaders : securityHeaders(isApi(path), previewHost))

  app.use((context, next) => {
    const client = clientOf(peerOf(context.env.incoming), context.req.raw.headers)
    const requestId = requestIdOf(context.req.header('x-request-id'), client)
    context.set('requestId', requestId)
    context.set('client', client)
    return withLogFields({ requestId }, () => answered(context, next))
  })

  async function answered(context: Context<AppEnv>, next: Next): Promise<void> {
    const startedAt = performance.now()
    const { method } = context.req
    const late = setTimeout(() => log.warn({ method, route: routeOf(context), ms: lateMs }, 'a request is not answered yet'), lateMs).unref()
    const { path } = context.req
    const asks = isApi(path) && !plainRoutes.some((plain) => plain.path === path)
    try {
      if (asks && isOutdated(context.req.header(versionHeader))) throw new AppError('outdated', 'Atrium was updated. Reload to continue.')
      await (asks ? patiently(next) : next())
    } catch (error) {
      context.res = errorAnswer(context, error)
    } finally {
      clearTimeout(late)
    }
    for (const [name, value] of Object.entries(headersFor(path))) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
    context.res.headers.set('x-request-id', context.get('requestId'))
    const route = routeOf(context)
    const { status } = context.res
    const tookMs = performance.now() - startedAt
    const error = context.get('error')
    metrics.answered(method, route, status, tookMs)
    if (error) metrics.failed('http', error.code)
    // The pattern and not the address: an address may hold an invite's token or a key.
    const line = { method, route, status, ms: Math.round(tookMs), ...(error && { code: error.code }) }
    if (error && status >= 500 && !isMeant(error)) log.error({ ...line, err: error.cause ?? error }, 'request failed')
    else log[tookMs >= slowMs ? 'info' : 'debug'](line, 'request')
  }

  app.onError((thrown, context) => errorAnswer(context, thrown))

  app.get('/api/health', (context) => context.json({ status: 'ok', version }))
  app.get('/api/ready', async (context) => {
    await ready()
    return context.json({ status: 'ready' })
  })
  app.get('/api/openapi.json', (context) => context.body(description(), 200, { 'content-type': 'application/json; charset=utf-8' }))
  app.get('/metrics', async (context) => {
    const client = context.get('client')
    if (!client.local) await checkReader(context.req.raw, client)
    return context.body(await scrape(), 200, { 'content-type': metrics.contentType })
  })
  app.get('/llms.txt', (context) => context.text(llmsText(apiCalls)))
  mount(app)

  app.notFound(async (context) => {
    const { method, path } = context.req
    const allowed = methodsOf(path)
    if (allowed.length > 0) {
      context.header('allow', allowed.join(', '))
      return errorAnswer(context, new AppError('method_not_allowed', `${method} is not allowed here. Use ${allowed.join(', ')}.`))
    }
    if (isApi(path) || (method !== 'GET' && method !== 'HEAD'))
      return errorAnswer(context, new AppError('not_found', 'There is nothing at this address.'))
    return client.fetch(context.req.raw)
  })
  return app
}

const isApi = (path: string) => path === '/api' || path.startsWith('/api/')

/** The pattern that matched; `none` for an unknown address of the API, `client` for a page or file. */
function routeOf(context: Context<AppEnv>): string {
  const matched = matchedRoutes(context).findLast(({ path }) => path !== '/*' && path !== '*')
  return matched?.path ?? (isApi(context.req.path) ? 'none' : 'client')
}

/** Said on purpose, as while starting: nothing went wrong. */
const isMeant = (error: AppError) => error.code === 'unavailable' && error.cause === undefined

function errorAnswer(context: Context<AppEnv>, thrown: unknown): Response {
  const error = toAppError(thrown)
  context.set('error', error)
  if (error.retryAfterS !== undefined) context.header('retry-after', String(error.retryAfterS))
  const body = { error: { code: error.code, message: error.message, requestId: context.get('requestId') } }
  return context.json(body, errorStatus[error.code] as ContentfulStatusCode)
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
