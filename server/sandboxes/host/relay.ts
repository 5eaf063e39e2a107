import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { timingSafeEqual } from 'node:crypto'
import type { Lifecycle } from './lifecycle.ts'

export const sameSecret = (given: unknown, expected: string) =>
  typeof given === 'string' && given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))

export function answerJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body === undefined ? undefined : JSON.stringify(body))
}

/** Headers that concern one hop only, or that the agent has no business to see. */
const dropped = [
  'connection',
  'keep-alive',
  'host',
  'x-access-token',
  'x-api-key',
  'e2b-sandbox-id',
  'e2b-sandbox-port',
  'upgrade',
  'proxy-authorization',
]

/** Passes a sandbox's own calls to the agent in it. 502 when it does not run, which the SDK takes for its end. */
export function createRelay(lifecycle: Lifecycle) {
  const connections = new Agent({ keepAlive: true, maxFreeSockets: 16 })
  return {
    handle(request: IncomingMessage, response: ServerResponse, sandboxId: string): void {
      const one = lifecycle.live.get(sandboxId)
      if (!one || one.machine.frozen) return answerJson(response, 502, { code: 'unavailable', message: 'the sandbox is not running' })
      if (request.url !== '/health' && !sameSecret(request.headers['x-access-token'], one.record.token)) {
        return answerJson(response, 401, { code: 'unauthenticated', message: 'a wrong access token' })
      }
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !dropped.includes(name)))
      const forward = httpRequest({
        socketPath: one.machine.socketPath,
        path: request.url,
        method: request.method,
        headers: { ...headers, host: 'sandbox' },
        agent: connections,
      })
      forward.once('response', (answer) => {
        const kept = Object.fromEntries(
          Object.entries(answer.headers).filter(([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name)),
        )
        response.writeHead(answer.statusCode ?? 502, kept)
        response.flushHeaders()
        answer.pipe(response)
        // An agent that dies in the middle must end the stream of whoever reads it.
        answer.once('aborted', () => response.destroy())
        answer.once('error', () => response.destroy())
      })
      forward.once('error', () => {
        if (response.headersSent) response.destroy()
        else answerJson(response, 502, { code: 'unavailable', message: 'the sandbox does not answer' })
      })
      response.once('close', () => forward.destroy())
      request.pipe(forward)
    },
    stop: () => connections.destroy(),
  }
}
