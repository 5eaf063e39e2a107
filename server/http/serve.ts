import type { Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { ApprovalId, ProjectId, RunId, SessionId } from '#shared/base/ids.ts'
import type { ProjectRights, Role } from '#shared/projects/schema.ts'
import type { Answer, Call, Out } from '#shared/wire/call.ts'
import type { Person } from '../auth/principal.ts'
import { learnLogFields } from '../base/log-fields.ts'
import type { ClientInfo } from './client-info.ts'

/** Where a member's call lands, resolved from the path's `:id` and checked against the role. */
export type Membership = ProjectRights & { projectId: ProjectId; role: Role; sessionId?: SessionId; runId?: RunId; approvalId?: ApprovalId }

/** `incoming` is what the Node adapter hands to every request. */
export type AppEnv = {
  Bindings: { incoming?: { socket: { remoteAddress?: string } } }
  /** `error` is what the answer says went wrong. */
  Variables: { requestId: string; client: ClientInfo; error?: AppError }
}

/** Authenticates and authorises one call. The only place where HTTP rights are decided: `auth/authorize-http.ts`. */
export type Authorize = (
  call: Call,
  request: Request,
  params: Record<string, string>,
  client: ClientInfo,
) => Promise<{ principal?: Person; membership?: Membership }>

type Kind<C extends Call> = C['access']['kind']

/** What a handler is given: everything parsed, and who asks. */
export type CallContext<C extends Call> = {
  principal: Kind<C> extends 'public' ? Person | undefined : Person
  membership: Kind<C> extends 'member' ? Membership : undefined
  params: Out<C['params']>
  query: Out<C['query']>
  body: Out<C['body']>
  request: Request
  requestId: string
  client: ClientInfo
  /** Sets a header of the answer. */
  header(name: string, value: string): void
}

export type Handler<C extends Call> = (context: CallContext<C>) => Promise<Answer<C> | Response>

/** JSON bodies; files have a bound of their own. */
const maxJsonBytes = 1024 * 1024

/** Serves one call: authorises first, then parses, then answers with what the call says. */
export function serve<C extends Call>(app: Hono<AppEnv>, authorize: Authorize, call: C, handle: Handler<C>): void {
  app.on(call.method, call.path, async (context) => {
    const raw = pathParams(context, call)
    const client = context.get('client')
    const who = await authorize(call, context.req.raw, raw, client)
    const { projectId, sessionId, runId } = who.membership ?? {}
    learnLogFields({ userId: who.principal?.userId, projectId, sessionId, runId })
    const input = {
      params: parse(call.params, raw, 'path'),
      query: parse(call.query, context.req.query(), 'query'),
      body: call.body ? parse(call.body, await readJson(context, call.maxBodyBytes), 'body') : undefined,
    }
    const answer = await handle({
      ...who,
      ...input,
      request: context.req.raw,
      requestId: context.get('requestId'),
      client,
      header: (name: string, value: string) => context.header(name, value),
    } as unknown as CallContext<C>)
    if (answer instanceof Response) return answer
    if (call.answer === 'empty') return context.body(null, 204)
    return context.json(answer as Record<string, unknown>, call.status as ContentfulStatusCode)
  })
}

/** The path's parameters, decoded; a final `*` is `path`. */
function pathParams(context: Context<AppEnv>, call: Call): Record<string, string> {
  const params: Record<string, string> = { ...context.req.param() }
  if (call.path.endsWith('*')) {
    const depth = call.path.split('/').length - 1
    const rest = new URL(context.req.url).pathname.split('/').slice(depth).join('/')
    try {
      params.path = decodeURIComponent(rest)
    } catch {
      throw new AppError('invalid_input', 'the path is not well-formed: a % must begin an encoded byte')
    }
  }
  return params
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new AppError('invalid_input', describeIssues(parsed.error, where))
}

/** `body.name: a name is needed` */
export function describeIssues(error: z.ZodError, where: string): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`)
    .join('; ')
}

async function readJson(context: Context<AppEnv>, max = maxJsonBytes): Promise<unknown> {
  const bytes = await readBody(context.req.raw, max)
  if (bytes.length === 0) return {}
  if (!mayHoldJson(context.req.raw.headers)) throw new AppError('unsupported_media', 'send JSON, with content-type: application/json')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('invalid_input', 'the body is not JSON')
  }
}

/** `application/json`, with whatever parameters. */
export const isJson = (contentType: string | undefined): boolean => /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')

/** What programs send along when nobody tells them a type: `curl -d`, `fetch` with a string, and clients that name none. */
const untold = /^(?:text\/plain|application\/x-www-form-urlencoded|application\/octet-stream)\s*(?:;|$)/i

/**
 * JSON by its type; from whatever is no browser also without one. A page cannot pass for such a program: browsers name
 * themselves in `Origin` or `Sec-Fetch-Site` with every request that has a body.
 */
export function mayHoldJson(headers: Headers): boolean {
  const type = headers.get('content-type') ?? undefined
  if (isJson(type)) return true
  const fromBrowser = headers.has('origin') || headers.has('sec-fetch-site')
  return !fromBrowser && (type === undefined || untold.test(type))
}

/** @throws AppError `too_large` as soon as the body passes `max` bytes, declared or not. */
export async function readBody(request: Request, max: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > max) throw new AppError('too_large', `the body may have at most ${max} bytes`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > max) throw new AppError('too_large', `the body may have at most ${max} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
