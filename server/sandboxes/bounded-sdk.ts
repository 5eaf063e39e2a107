import { createConnectTransport } from '@connectrpc/connect-web'
import type { Commands, Filesystem, Pty, Sandbox } from 'e2b'
import { createBoundedFetch, usualPatience } from './bounded-fetch.ts'
import type { BoundedFetch, Patience } from './bounded-fetch.ts'
import { boundedFrames } from './bounded-frames.ts'
import type { FrameBounds } from './bounded-frames.ts'

const mb = 1024 * 1024
/** Bytes of an answer: of a listing, and of what says no more than that a thing was done. */
const answerBounds = { listing: 24 * mb, other: 4 * mb }
const endless = Number.POSITIVE_INFINITY
/** What a command may print (see `maxOutputBytes` of e2b-commands.ts), as it comes in JSON. */
const commandBytes = 48 * mb

/** What the SDK keeps to itself; it has no option for the fetch that its calls inside go through. */
type Inside = {
  envdApiUrl: string
  envdAccessToken?: string
  envdPort: number
  envdApi: { api: { use(middleware: { onRequest(call: { request: Request }): Promise<Response> }): void } }
  connectionConfig: { headers?: Record<string, string> }
}
type Service<T> = new (transport: unknown, envdApi: unknown, config: unknown) => T

type Bounded = { fetch: BoundedFetch; patience: Patience }
const known = new WeakMap<object, Bounded>()
/** What a sandbox is called with beside the SDK: its silence is known to both. @throws Error for one that was not bounded */
export function boundsOf(sandbox: Sandbox): Bounded {
  const bounded = known.get(sandbox)
  if (!bounded) throw new Error('a sandbox is used without bounds')
  return bounded
}

/** The same sandbox, whose calls inside are bounded in time, bytes and what they unfold to. */
export function boundSandbox<T extends Sandbox>(sandbox: T, patience: Patience = usualPatience): T {
  const fetchInside = createBoundedFetch(patience)
  known.set(sandbox, { fetch: fetchInside, patience })
  const inside = sandbox as unknown as Inside
  const ownHeaders = {
    'User-Agent': inside.connectionConfig.headers?.['User-Agent'] ?? '',
    'E2b-Sandbox-Id': sandbox.sandboxId,
    'E2b-Sandbox-Port': String(inside.envdPort),
    ...(inside.envdAccessToken !== undefined && { 'X-Access-Token': inside.envdAccessToken }),
  }

  async function call(url: string, init: RequestInit, frames: Omit<FrameBounds, 'firstMs'>): Promise<Response> {
    const headers = new Headers(init.headers)
    for (const [name, value] of Object.entries(ownHeaders)) headers.set(name, value)
    const isStream = headers.get('content-type') === 'application/connect+json'
    const isListing = url.endsWith('/ListDir')
    const bounds = isStream ? { maxBytes: endless, isStream } : { maxBytes: isListing ? answerBounds.listing : answerBounds.other, isJson: true }
    const answer = await fetchInside(url, { ...init, headers }, bounds)
    if (!isStream || !answer.body) return answer
    if (!answer.ok) {
      // Nobody reads it: the status says it.
      await answer.body.cancel()
      return new Response(null, { status: answer.status, headers: answer.headers })
    }
    return new Response(answer.body.pipeThrough(boundedFrames({ ...frames, firstMs: patience.headMs })), {
      status: answer.status,
      headers: answer.headers,
    })
  }

  function anew<S extends object>(service: S, frames: Omit<FrameBounds, 'firstMs'>): S {
    const transport = createConnectTransport({
      baseUrl: inside.envdApiUrl,
      useBinaryFormat: false,
      fetch: (url, init) => call(url instanceof Request ? url.url : String(url), init ?? {}, frames),
    })
    return new (service.constructor as Service<S>)(transport, inside.envdApi, inside.connectionConfig)
  }

  inside.envdApi.api.use({
    onRequest({ request }) {
      // How much of a file is read is its reader's to say.
      const isFile = request.method === 'GET' && new URL(request.url).pathname === '/files'
      const small = { maxBytes: answerBounds.other, isJson: true, isUpload: request.method === 'POST' }
      return fetchInside(request, {}, isFile ? { maxBytes: endless } : small)
    },
  })
  Object.assign(sandbox, {
    files: anew<Filesystem>(sandbox.files, { maxBytes: endless }),
    commands: anew<Commands>(sandbox.commands, { maxBytes: commandBytes }),
    pty: anew<Pty>(sandbox.pty, { maxBytes: endless, onlyTerminal: true }),
  })
  return sandbox
}
