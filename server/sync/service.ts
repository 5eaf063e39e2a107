import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError } from '#shared/base/errors.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Budget } from '../base/budget.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Leases } from '../rooms/port.ts'
import { createRights, type RightsDeps } from './document-access.ts'
import { createAuthors } from './authors.ts'
import { createConnections } from './connections.ts'
import { createDocuments } from './documents.ts'
import { createDocumentHistory } from './forget-project.ts'
import { GuardedHocuspocus } from './hocuspocus.ts'
import { limits, logLimits } from './limits.ts'
import { createMessageGuard } from './message-guard.ts'
import type { DocumentHistory, Documents } from './port.ts'
import type { Elsewhere } from './relay.ts'
import { createRooms } from './rooms.ts'
import { createAuthenticateHook } from './authenticate-hook.ts'
import { WordedWebSocket } from './socket.ts'
import { createUpgrade } from './upgrade.ts'

export type Sync = {
  documents: Documents
  history: DocumentHistory
  /** True when the path is `/sync` or `/yjs/<document>`: the socket is then taken care of. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  readings(): SyncReadings
  /** Closes sockets, saves every log, unloads every document. Takes at most about 2 s. */
  stop(): Promise<void>
}

/** How much there is of everything now. */
type SyncReadings = {
  sockets: { sync: number; yjs: number }
  rooms: number
  documents: { loaded: number; pending: number; oldestMs: number }
}

export type SyncDeps = RightsDeps & {
  database: Database
  clock: Clock
  log: Logger
  leases: Leases
  /** How a socket comes to rooms of other processes; without it every room is here. */
  elsewhere?: Elsewhere | undefined
  /** Open sockets of each person, over everything that opens any. */
  openSockets: Budget
  /** Something became durable; `tookMs` after its oldest part was accepted. */
  onSaved?: (tookMs: number) => void
  /** How long a document nobody uses stays loaded, in ms. */
  lingerMs?: number
}

export function createSync(deps: SyncDeps): Sync {
  const { database, clock, log, leases, onSaved = () => undefined, lingerMs = logLimits.lingerMs } = deps
  const rights = createRights(deps)
  const connections = createConnections({ rights, log })
  const now = () => performance.now()
  const authors = createAuthors({ database, clock })
  const rooms = createRooms({ database, clock, log, leases, lingerMs, onSaved, hocuspocus: () => hocuspocus })
  const guard = createMessageGuard({ logOf: (document) => rooms.entry(document)?.log, authors, now, log })
  const signIn = createAuthenticateHook({ rights, rooms, connections, hocuspocus: () => hocuspocus })
  const hocuspocus = new GuardedHocuspocus(
    {
      ...guard.hooks,
      ...signIn,
      async onLoadDocument({ document, context }) {
        const { name, projectId } = context
        if (!name || !projectId) throw new Error('a document without a name')
        try {
          await rooms.load(document, name, projectId)
          guard.watch(document)
        } catch (error) {
          if (!(error instanceof AppError)) log.error({ err: error, document: document.name }, 'could not load a document')
          throw error
        }
      },
      async beforeUnloadDocument({ document }) {
        if (!rooms.mayUnload(document)) throw closeCodes.stopping
      },
      async afterUnloadDocument({ documentName }) {
        rooms.unloaded(documentName)
      },
    },
    log,
    {},
  )
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: WordedWebSocket,
    maxPayload: limits.readBytes,
    perMessageDeflate: false,
    clientTracking: false,
  })
  const upgrade = createUpgrade({
    server,
    hocuspocus,
    rights,
    connections,
    now,
    log,
    openSockets: deps.openSockets,
    elsewhere: deps.elsewhere,
    stopping: () => rooms.stopping,
  })

  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= (async () => {
      upgrade.stop()
      const saved = rooms.stop(1_800)
      for (const socket of connections.sockets) socket.close(closeCodes.stopping)
      await saved
      server.close()
    })()
    return stopped
  }
  return {
    documents: createDocuments({ hocuspocus, rooms, connections, rights, authors, database, recheck: upgrade.recheck, stop }),
    history: createDocumentHistory({ database, rooms, log }),
    handleUpgrade: upgrade.handle,
    readings() {
      const yjs = [...connections.sockets].filter(({ single }) => single).length
      const behind = rooms.entries().map(({ log: written }) => written.behind())
      const since = Math.min(...behind.map((one) => one.since ?? Infinity))
      return {
        sockets: { sync: connections.sockets.size - yjs, yjs },
        rooms: leases.count(),
        documents: {
          loaded: behind.length,
          pending: behind.reduce((sum, { updates }) => sum + updates, 0),
          oldestMs: since === Infinity ? 0 : performance.now() - since,
        },
      }
    },
    stop,
  }
}
