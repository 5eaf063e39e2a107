import type { IncomingMessage } from 'node:http'
import { RpcError } from './connect.ts'

/** Everything runs as one user. Another name of it is taken, since programs made for E2B ask for root to install things. */
const names = new Set(['user', 'root', ''])

/** @throws RpcError `invalid_argument` for a user that there is not: `username` of a file, or Basic authorization without a password. */
export function checkUser(request: IncomingMessage, query: URLSearchParams): void {
  const [, encoded = ''] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? []
  const [named = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  for (const name of [named, query.get('username') ?? '']) {
    if (!names.has(name))
      throw new RpcError('invalid_argument', `there is no user ${name.slice(0, 100)} here, only "user", which also answers to "root"`)
  }
}
