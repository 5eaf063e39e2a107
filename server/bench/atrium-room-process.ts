/**
 * Atrium's side of `stream`: the real sockets, documents, log and embedded database, with the writer that a run streams
 * through. Only sign-in is left out: one key opens the room.
 */
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { usualScopes } from '#shared/auth/scopes.ts'
import { AgentId, ItemId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Person } from '../auth/principal.ts'
import { users } from '../auth/table.ts'
import { systemClock } from '../base/clock.ts'
import { createLogger } from '../base/logger.ts'
import { createBudget } from '../base/budget.ts'
import { openDatabase } from '../db/open.ts'
import { projects } from '../projects/table.ts'
import { createSessionEvents } from '../sessions/events.ts'
import { createLiveWriter } from '../sessions/live-writer.ts'
import { sessions } from '../sessions/table.ts'
import { createLeases } from '../rooms/leases.ts'
import { thisProcess } from '../rooms/process-identity.ts'
import { createSync } from '../sync/service.ts'
import { serveParent } from './child.ts'
import { drive } from './drive.ts'
import type { RoomRequest } from './room-request.ts'

const token = 'sk_bench'
const userId = UserId.parse(newId('usr'))
const projectId = ProjectId.parse(newId('prj'))
const sessionId = SessionId.parse(newId('ses'))
const agentId = AgentId.parse('builder')
const log = createLogger('warn')
const clock = systemClock
const principal: Person = {
  kind: 'person',
  userId,
  name: 'Ada',
  admin: false,
  by: 'key',
  credentialId: 'bench',
  key: { name: 'bench', scopes: usualScopes },
}

const room = openRoom()
let shown: ItemId | undefined

serveParent(async (request: RoomRequest) => {
  const { port, writer } = await room
  switch (request.type) {
    case 'address':
      return { url: `ws://127.0.0.1:${port}/sync`, document: `session/${sessionId}`, token }
    case 'stream': {
      const id = ItemId.parse(newId('itm'))
      const runId = RunId.parse(newId('run'))
      const author = { kind: 'agent', id: agentId, name: 'Builder' } as const
      const item: Item = { type: 'message', id, seq: 0, runId, createdAt: clock.now(), finishedAt: null, author, text: '' }
      shown = id
      const sentAt = await drive(request, (text, first) => {
        if (first) writer.begin(item)
        writer.grow(id, 'text', text, { type: 'text', runId, itemId: id, agentId, text })
      })
      return { sentAt }
    }
    case 'clear':
      if (shown) writer.drop(shown)
      return undefined
  }
})

async function openRoom() {
  const database = await openDatabase({ databaseUrl: undefined, dataDir: mkdtempSync(join(tmpdir(), 'atrium-bench-')) }, log)
  const now = clock.now()
  await database.db.insert(users).values({ id: userId, email: 'ada@example.com', name: 'Ada', passwordHash: '', admin: true, createdAt: now })
  await database.db.insert(projects).values({ id: projectId, name: 'Bench', createdBy: userId, createdAt: now, updatedAt: now })
  await database.db.insert(sessions).values({ id: sessionId, projectId, title: 'Bench', createdBy: userId, createdAt: now, updatedAt: now })
  const sync = createSync({
    database,
    clock,
    log,
    // Every reader is one person here.
    openSockets: createBudget(Number.POSITIVE_INFINITY),
    leases: createLeases({ database, me: thisProcess(), log }),
    auth: {
      authenticate: async () => undefined,
      authenticateToken: async (given) => (given === token ? principal : undefined),
      originAllowed: () => true,
    },
    projects: { roleOf: async () => 'owner' },
    projectOfSession: async () => projectId,
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    if (!sync.handleUpgrade(request, socket, head)) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const events = createSessionEvents({ itemsBetween: async () => [], lastSeq: async () => 0 })
  const onError = (error: unknown) => log.error({ err: error }, 'streaming failed')
  const writer = createLiveWriter({ documents: sync.documents, events, sessionId, onError })
  await writer.ready
  return { port: (server.address() as AddressInfo).port, writer }
}
