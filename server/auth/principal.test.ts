import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { authCalls } from '#shared/auth/api.ts'
import type { AgentId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Database } from '../db/port.ts'
import { createRights } from '../sync/document-access.ts'
import { createAuthorize } from './authorize-http.ts'
import type { Principal } from './principal.ts'

const may = { scopes: ['read', 'write', 'decide'], credentialId: 'c' } as const
const agent: Principal = { kind: 'agent', agentId: 'builder' as AgentId, name: 'Builder', ...may }
const service: Principal = { kind: 'service', name: 'nightly', ...may }
const ada: Principal = { kind: 'person', userId: newId<UserId>('usr'), name: 'Ada', admin: false, by: 'key', credentialId: 'c' }

const authOf = (who: Principal | undefined) => ({
  authenticate: async () => who,
  authenticateToken: async () => who,
  originAllowed: () => true,
})
const request = new Request('http://atrium/api/auth/me')
const client = { secure: false } as Parameters<ReturnType<typeof createAuthorize>>[3]

describe.each([agent, service])('$kind', (who) => {
  test('no call is for it yet, whatever its scopes say', async () => {
    const authorize = createAuthorize({ auth: authOf(who), database: {} as Database })
    for (const call of Object.values(authCalls))
      await expect(authorize(call, request, {}, client), call.name).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('nor is any document', async () => {
    const rights = createRights({ auth: authOf(who), projects: { roleOf: async () => 'owner' }, projectOfSession: async () => undefined })
    expect(await rights.ofToken('sk_of_it')).toBeUndefined()
    const bySocket = (url: string) => rights.ofSocket({ url, headers: {}, socket: {} } as IncomingMessage)
    expect(await bySocket('/sync?token=sk_of_it')).toEqual({ credential: undefined, refused: 'token' })
    expect(await bySocket('/sync')).toEqual({ credential: undefined, refused: undefined })
  })
})

test('a person is let in by both', async () => {
  const rights = createRights({ auth: authOf(ada), projects: { roleOf: async () => 'owner' }, projectOfSession: async () => undefined })
  expect((await rights.ofToken('sk_hers'))?.principal).toBe(ada)
  const authorize = createAuthorize({ auth: authOf(ada), database: {} as Database })
  expect(await authorize(authCalls.whoAmI, request, {}, client)).toEqual({ principal: ada })
})
