import { AppError } from '#shared/base/errors.ts'
import { SandboxNotFoundError, type Sandbox as E2bSandbox } from 'e2b'
import { z } from 'zod'
import { boundsOf } from './bounded-sdk.ts'
import { linesOf } from './bounded-lines.ts'
import type { LocalAccess } from './e2b-ports.ts'

const mb = 1024 * 1024
/** A line is one result, with its figure in each form that it has. */
const lineBounds = { bytes: 48 * mb, structures: 500_000 }
const port = 49_999

const Context = z.object({ id: z.string().min(1).max(200), language: z.string().max(100), cwd: z.string().max(4096) })
const Refusal = z.object({ message: z.string() })
const words = z.string().catch('')
const form = z.string().optional().catch(undefined)
/** A form of the wrong type is left out. */
const Forms = z.object({
  is_main_result: z.boolean().catch(false),
  text: form,
  html: form,
  markdown: form,
  svg: form,
  png: form,
  jpeg: form,
  pdf: form,
  latex: form,
  javascript: form,
  json: z.unknown().optional(),
})
const Line = z.discriminatedUnion('type', [
  Forms.extend({ type: z.literal('result') }),
  z.object({ type: z.literal('stdout'), text: z.string() }),
  z.object({ type: z.literal('stderr'), text: z.string() }),
  z.object({ type: z.literal('error'), name: words, value: words, traceback: words }),
  z.object({ type: z.literal('number_of_executions'), execution_count: z.number().int() }),
])
export type PythonLine = z.infer<typeof Line>

/** The calls of E2B's code interpreter. Its SDK keeps all that a cell puts out, and takes whatever it is answered. */
export function pythonCalls(sandbox: E2bSandbox, local: LocalAccess | undefined) {
  const base = local?.url ?? `https://${sandbox.getHost(port)}`
  const { trafficAccessToken: token } = sandbox
  const headers = {
    'content-type': 'application/json',
    'e2b-sandbox-id': sandbox.sandboxId,
    'e2b-sandbox-port': String(port),
    ...(token !== undefined && { 'e2b-traffic-access-token': token }),
    ...(local && { 'x-access-token': local.token }),
  }

  async function call(method: string, path: string, body?: object, stream?: AbortSignal): Promise<Response> {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }), ...(stream && { signal: stream }) }
    const bounds = stream ? { maxBytes: Number.POSITIVE_INFINITY, isStream: true } : { maxBytes: mb, isJson: true }
    const answer = await boundsOf(sandbox).fetch(base + path, init, bounds)
    if (answer.ok) return answer
    if (answer.status === 502) {
      await answer.body?.cancel()
      throw new SandboxNotFoundError('the interpreter does not answer')
    }
    const { message } = await parsed(Refusal, answer).catch(() => ({ message: `it answered with status ${answer.status}` }))
    const code = answer.status === 404 ? 'not_found' : answer.status < 500 ? 'invalid_input' : 'sandbox_failed'
    throw new AppError(code, `Python: ${message.slice(0, 300)}`)
  }

  async function parsed<T>(schema: z.ZodType<T>, answer: Response): Promise<T> {
    const value: unknown = await answer.json().catch((thrown: unknown) => (thrown instanceof AppError ? Promise.reject(thrown) : undefined))
    const { data, success } = schema.safeParse(value)
    if (!success) throw new AppError('sandbox_failed', 'Python in the sandbox answered what cannot be understood.')
    return data
  }
  const done = async (answer: Response): Promise<void> => answer.body?.cancel()
  const at = (id: string, action = '') => `/contexts/${encodeURIComponent(id)}${action}`

  return {
    /** What cannot be read of it is left out. @param signal ends it: nothing else does */
    async *execute(code: string, contextId: string, signal: AbortSignal): AsyncGenerator<PythonLine> {
      const answer = await call('POST', '/execute', { code, context_id: contextId }, signal)
      if (!answer.body) return
      for await (const line of linesOf(answer.body, lineBounds)) {
        const { data } = Line.safeParse(parseJson(line))
        if (data) yield data
      }
    },
    contexts: async () => parsed(z.array(Context).max(1000), await call('GET', '/contexts')),
    create: async (cwd: string | undefined) => parsed(Context, await call('POST', '/contexts', { cwd })),
    remove: async (id: string) => done(await call('DELETE', at(id))),
    restart: async (id: string) => done(await call('POST', at(id, '/restart'))),
    /** Of the local host only. */
    interrupt: async (id: string) => done(await call('POST', at(id, '/interrupt'))),
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
