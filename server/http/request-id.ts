import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { withLogFields } from '../base/log-fields.ts'
import { type ClientInfo, type ClientOf, peerOf } from './client-info.ts'

/** The proxy's own where it may say so and it is one: short, and nothing that could break a line of a log. Ours for any other. */
export function requestIdOf(given: string | null | undefined, { trusted }: Pick<ClientInfo, 'trusted'>): string {
  return trusted && given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}

/** For what does not come by the app: a websocket, or a request for a preview. What `work` does is logged with its id. */
export function inRequest<T>(incoming: IncomingMessage, clientOf: ClientOf, work: () => T): T {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value)
  const requestId = requestIdOf(headers.get('x-request-id'), clientOf(peerOf(incoming), headers))
  return withLogFields({ requestId }, work)
}
