import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { KeyScope } from '#shared/auth/scopes.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { can } from '#shared/projects/roles.ts'
import { createBudget } from '../base/budget.ts'
import type { Person } from '../auth/principal.ts'
import { createRoomSockets } from './service.ts'

const projectId = newId<ProjectId>('prj')
const ada = newId<UserId>('usr')
const log = pino({ level: 'silent' })

/** Ada, by a key whose scopes stand in the address; without any by her cookie. */
const principalOf = (token: string | null): Person => {
  const base = { kind: 'person' as const, userId: ada, name: 'Ada', admin: false, credentialId: 'c' }
  return token === null ? { ...base, by: 'cookie' } : { ...base, by: 'key', key: { name: 'CI', scopes: token.split('+') as KeyScope[] } }
}

let url = ''
let sockets: ReturnType<typeof createRoomSockets>
const http = () =>
  createServer().on('upgrade', (request, socket, head) => {
    if (!sockets.handleUpgrade(request, socket, head)) socket.destroy()
  })
let server: ReturnType<typeof http>

beforeEach(async () => {
  sockets = createRoomSockets({
    openSockets: createBudget(10),
    ofSocket: async ({ url: path = '' }) => {
      const principal = principalOf(new URL(path, 'http://x').searchParams.get('token'))
      return { credential: { principal, check: async () => true }, refused: undefined }
    },
    roleOf: async () => 'owner',
    log,
  })
  // What terminals and the desktop ask of a socket.
  sockets.add({
    kind: 'terminal',
    path: /^room$/,
    needs: 'sandbox.read',
    maxPayload: 1000,
    open({ ws, role, onRole }) {
      const say = () => ws.send(JSON.stringify([role(), can(role(), 'sandbox.run'), can(role(), 'desktop.control')]))
      onRole(say)
      say()
      ws.on('message', say)
    },
  })
  server = http()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/projects/${projectId}/room`
})
afterEach(() => {
  sockets.stop()
  server.closeAllConnections()
  server.close()
})

async function join(token?: KeyScope[]): Promise<{ ws: WebSocket; heard: unknown }> {
  const ws = new WebSocket(url + (token ? `?token=${encodeURIComponent(token.join('+'))}` : ''))
  const heard = await Promise.race([
    once(ws, 'message').then(([data]: unknown[]) => JSON.parse(String(data)) as unknown),
    once(ws, 'close').then(([code]: unknown[]) => code),
  ])
  return { ws, heard }
}

test.each([
  [undefined, ['owner', true, true]],
  [
    ['read', 'write'],
    ['owner', true, true],
  ],
  [
    ['read', 'write', 'decide'],
    ['owner', true, true],
  ],
  [['read'], ['viewer', false, false]],
  [
    ['read', 'decide'],
    ['viewer', false, false],
  ],
  [['write'], 4403],
  [['decide'], 4403],
] satisfies [KeyScope[] | undefined, unknown][])('with %j a socket of a room may %j', async (scopes, expected) => {
  expect((await join(scopes)).heard).toEqual(expected)
})

test('a role that changes widens no key', async () => {
  const { ws } = await join(['read'])
  await sockets.accessChanged(projectId, ada)
  const answer = once(ws, 'message')
  ws.send('?')
  const [data] = (await answer) as [unknown]
  expect(JSON.parse(String(data))).toEqual(['viewer', false, false])
})
