import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { usualScopes } from '#shared/auth/scopes.ts'
import type { KeyScope } from '#shared/auth/scopes.ts'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Role } from '#shared/projects/schema.ts'
import { ServerStateless } from '#shared/wire/stateless.ts'
import type { Person } from '../../auth/principal.ts'
import { users } from '../../auth/table.ts'
import { createBudget } from '../../base/budget.ts'
import { personLimits } from '../../base/person-limits.ts'
import type { Database } from '../../db/port.ts'
import { projects } from '../../projects/table.ts'
import { createLeases } from '../../rooms/leases.ts'
import { thisProcess } from '../../rooms/process-identity.ts'
import { createSync, type Sync } from '../service.ts'

/** People, projects and rights held in memory, on a real sync server, database and sockets. */
export type TestRoom = Awaited<ReturnType<typeof startRoom>>

export type TestUser = { id: UserId; name: string; token: string; cookie: string }

export const silent = pino({ level: 'silent' })

export function testUser(name: string): TestUser {
  const key = encodeURIComponent(name.toLowerCase())
  return { id: newId<UserId>('usr'), name, token: `sk_${key}`, cookie: `session=${key}` }
}

/** Rows that the tables of the log refer to. */
export async function seedProject(database: Database, owner: TestUser, projectId = newId<ProjectId>('prj')): Promise<ProjectId> {
  await database.db
    .insert(users)
    .values({ id: owner.id, email: `${owner.id}@example.org`, name: owner.name, passwordHash: '-', admin: false, createdAt: 0 })
    .onConflictDoNothing()
  await database.db.insert(projects).values({ id: projectId, name: 'Room', createdBy: owner.id, createdAt: 0, updatedAt: 0 }).onConflictDoNothing()
  return projectId
}

export async function startRoom(
  database: Database,
  people: { ada: TestUser; mei: TestUser; tomas: TestUser } = { ada: testUser('Ada'), mei: testUser('Mei'), tomas: testUser('Tomás') },
  options: {
    projectId?: ProjectId
    sessionId?: SessionId
    lingerMs?: number
    /** Websockets each person may have. */
    sockets?: number
    /** Runs before somebody's role is answered. */
    askRole?: (userId: UserId) => Promise<void>
  } = {},
) {
  const { ada, mei } = people
  const projectId = await seedProject(database, ada, options.projectId)
  const sessionId = options.sessionId ?? newId<SessionId>('ses')
  const roles = new Map<UserId, Role>([
    [ada.id, 'owner'],
    [mei.id, 'viewer'],
  ])
  /** Of their keys, where they have others than the usual ones. */
  const scopes = new Map<UserId, readonly KeyScope[]>()
  const ended = new Set<string>()
  const principal = (user: TestUser, by: Person['by']): Person | undefined => {
    const credentialId = `${by}-${user.id}`
    return ended.has(credentialId)
      ? undefined
      : {
          kind: 'person',
          userId: user.id,
          name: user.name,
          admin: false,
          by,
          credentialId,
          ...(by === 'key' && { key: { name: 'script', scopes: scopes.get(user.id) ?? usualScopes } }),
        }
  }
  const leases = createLeases({ database, me: thisProcess(), log: silent })
  const sync: Sync = createSync({
    database,
    clock: { now: () => Date.now() },
    log: silent,
    ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
    leases,
    auth: {
      async authenticate({ headers }) {
        const user = Object.values(people).find((one) => headers.get('cookie') === one.cookie)
        return user && principal(user, 'cookie')
      },
      async authenticateToken(token) {
        const user = Object.values(people).find((one) => one.token === token)
        return user && principal(user, 'key')
      },
      originAllowed: ({ headers }) => !headers.get('origin')?.includes('evil'),
    },
    openSockets: createBudget(options.sockets ?? personLimits.sockets),
    projects: {
      async roleOf(userId, project) {
        await options.askRole?.(userId)
        return project === projectId ? roles.get(userId) : undefined
      },
    },
    projectOfSession: async (id) => (id === sessionId ? projectId : undefined),
  })
  const http = createServer((_, response) => response.end())
  http.on('upgrade', (request, socket, head) => sync.handleUpgrade(request, socket, head) || socket.destroy())
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const url = `ws://127.0.0.1:${port}`
  const opened: { destroy(): void }[] = []

  return {
    ...people,
    projectId,
    sessionId,
    board: `board/${projectId}`,
    project: `project/${projectId}`,
    session: `session/${sessionId}`,
    sync,
    url,
    roles,
    scopes,
    ended,
    /** A browser tab: one websocket, any number of documents. */
    tab(user: TestUser, options: { by?: 'cookie' | 'token' } = {}) {
      const by = options.by ?? 'cookie'
      const socket = new HocuspocusProviderWebsocket({
        url: `${url}/sync`,
        WebSocketPolyfill: by === 'cookie' ? withHeaders({ cookie: user.cookie }) : WebSocket,
      })
      opened.push(socket)
      return { socket, open: (name: string, doc = new Y.Doc()) => openDocument(socket, name, doc, by === 'token' ? user.token : '') }
    },
    /** A bare websocket. */
    raw: (path: string, headers: Record<string, string> = {}) => {
      const ws = new WebSocket(`${url}${path}`, { headers })
      opened.push({ destroy: () => ws.terminate() })
      return ws
    },
    async stop() {
      for (const one of opened) one.destroy()
      await sync.stop()
      await leases.stop()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** A WebSocket class that sends headers, as a browser sends its cookie. One that is closed while it connects says so to nobody else. */
export function withHeaders(headers: Record<string, string>): typeof WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols, { headers })
      this.on('error', () => undefined)
    }
  } as typeof WebSocket
}

export function openDocument(websocketProvider: HocuspocusProviderWebsocket, name: string, doc: Y.Doc, token: string) {
  const heard: ServerStateless[] = []
  const closed: string[] = []
  const listeners = new Set<() => void>()
  const refusals: string[] = []
  const tell = () => listeners.forEach((listener) => listener())
  const provider = new HocuspocusProvider({
    websocketProvider,
    name,
    document: doc,
    token,
    onStateless: ({ payload }) => {
      heard.push(ServerStateless.parse(JSON.parse(payload)))
      tell()
    },
    onAuthenticationFailed: ({ reason }) => {
      refusals.push(reason)
      tell()
    },
    onClose: ({ event }) => {
      closed.push(event.reason)
      tell()
    },
    onSynced: tell,
    onAwarenessUpdate: tell,
  })
  provider.attach()
  doc.on('update', tell)
  const until = (condition: () => boolean, what = 'the condition') =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!condition()) return
        clearTimeout(timer)
        listeners.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        listeners.delete(check)
        reject(new Error(`waited too long for ${what} of ${name}: ${JSON.stringify({ refusals, closed, authenticated: provider.isAuthenticated })}`))
      }, 30_000)
      listeners.add(check)
      check()
    })
  let marks = 0
  return {
    provider,
    doc,
    heard,
    closed,
    until,
    refusals,
    refused: () => refusals.at(-1),
    synced: () => until(() => provider.synced && provider.isAuthenticated, 'sync'),
    /** Asks for a mark and waits for the answer. */
    async marked() {
      const mark = ++marks
      provider.sendStateless(JSON.stringify({ type: 'mark', mark }))
      await until(() => heard.some((message) => message.type === 'marked' && message.mark === mark), 'a mark')
    },
  }
}
