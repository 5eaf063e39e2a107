import * as encoding from 'lib0/encoding'
import { applyAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { type DocumentName, formatDocumentName } from '#shared/wire/document-names.ts'
import type { Rights } from './document-access.ts'
import type { Authors } from './authors.ts'
import { writtenTimes } from './written-times.ts'
import { type Connections, closeDocument } from './connections.ts'
import type { Context, GuardedHocuspocus, SyncDocument } from './hocuspocus.ts'
import { deleteLog } from './log-store.ts'
import type { Database } from '../db/port.ts'
import { createDurableWrites } from './durable-write.ts'
import type { Documents, OpenDocument } from './port.ts'
import type { Rooms } from './rooms.ts'

type Deps = {
  hocuspocus: GuardedHocuspocus
  rooms: Rooms
  connections: Connections
  rights: Rights
  authors: Authors
  database: Database
  /** Looks at every credential again. */
  recheck(): void
  stop(): Promise<void>
}

/** The server's own way to documents. */
export function createDocuments({ hocuspocus, rooms, connections, rights, authors, database, recheck, stop }: Deps): Documents {
  const writeDurably = createDurableWrites({ authors, entryOf: rooms.entry })

  /** Loads it, or joins what is loaded, and keeps it from being unloaded. */
  async function hold(name: DocumentName): Promise<SyncDocument> {
    const projectId = await rights.projectOf(name)
    if (!projectId) throw new AppError('not_found', 'This session does not exist.')
    const text = formatDocumentName(name)
    const context: Context = { name, projectId }
    const request = new Request('http://server')
    while (true) {
      if (rooms.stopping) throw new AppError('unavailable', 'The server is stopping.')
      const document = await hocuspocus.createDocument(text, request, 'server', { isAuthenticated: true, readOnly: false }, context)
      // One that was unloaded in the meantime is of no use: nobody would see what is written to it.
      if (hocuspocus.documents.get(text) !== document || document.isDestroyed) continue
      document.addDirectConnection()
      return document
    }
  }

  async function open(name: DocumentName): Promise<OpenDocument> {
    const document = await hold(name)
    let closed = false
    const alive = () => {
      const entry = rooms.entry(document)
      if (closed || !entry || entry.log.lost) throw new AppError('unavailable', 'This document is closed.')
      return entry
    }
    return {
      doc: document,
      get readers() {
        return document.connections.size
      },
      transact(change) {
        alive().usedAt = performance.now()
        transact(document, change)
      },
      async flushed() {
        const { log } = alive()
        // Somebody waits for this: it is written now, not at the end of the interval.
        log.flushNow()
        return log.flushed()
      },
      async writeAs(author, change, beforeCommit) {
        alive().usedAt = performance.now()
        return writeDurably(document, author, change, beforeCommit)
      },
      show: (client, state) => showState(document, client, state),
      async close() {
        if (closed) return
        closed = true
        document.removeDirectConnection()
        const entry = rooms.entry(document)
        if (entry) entry.usedAt = performance.now()
      },
    }
  }

  return {
    open,
    async write(name, change) {
      const opened = await open(name)
      try {
        opened.transact(change)
      } finally {
        await opened.close()
      }
    },
    isLoaded: (name) => [hocuspocus.documents, hocuspocus.loadingDocuments].some((documents) => documents.has(formatDocumentName(name))),
    onLoad: (kind, level) =>
      rooms.onLoad(kind, (name, doc) =>
        level(name as Parameters<typeof level>[0], doc, (author, change, beforeCommit) =>
          writeDurably(doc as SyncDocument, author, change, beforeCommit),
        ),
      ),
    authors: (name) => authors.list(formatDocumentName(name)),
    times: async (name) => writtenTimes(database, formatDocumentName(name), await authors.list(formatDocumentName(name))),
    peopleIn: connections.peopleIn,
    onPeople: connections.onPeople,
    openBy: connections.openBy,
    recheck,
    accessChanged: connections.accessChanged,
    credentialEnded: async (credentialId) => connections.credentialEnded(credentialId),
    async remove(names) {
      for (const name of names) {
        const text = formatDocumentName(name)
        // A project goes with every document of it.
        const isGone = (entry: { text: string; projectId: ProjectId }) =>
          name.kind === 'project' ? entry.projectId === name.projectId : entry.text === text
        const gone = rooms.entries().filter(isGone)
        // All of them before any is dropped: a write that fails meanwhile would tell the others to come again.
        for (const entry of gone) {
          for (const connection of entry.document.getConnections()) {
            const { socket } = connection.context as Context
            if (!socket) continue
            closeDocument({ connection, socket }, closeCodes.notFound)
            if (name.kind === 'project' && socket.documents === 0) socket.close(closeCodes.notFound)
          }
        }
        for (const entry of gone) await rooms.drop(entry)
        if (name.kind === 'project') await rooms.leave(name.projectId)
        await rooms.alone(text, () => deleteLog(database.db, name.kind === 'project' ? { projectId: name.projectId } : { document: text }))
      }
    },
    async flushed() {
      await Promise.allSettled(
        rooms.entries().map(({ log }) => {
          log.flushNow()
          return log.flushed()
        }),
      )
    },
    stop,
  }
}

/** As an update of somebody's would be: Yjs tells all readers. */
function showState(document: SyncDocument, client: number, state: object | null): void {
  const { awareness } = document
  const clock = (awareness.meta.get(client)?.clock ?? 0) + 1
  const update = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1)
    encoding.writeVarUint(encoder, client)
    encoding.writeVarUint(encoder, clock)
    encoding.writeVarString(encoder, JSON.stringify(state))
  })
  applyAwarenessUpdate(awareness, update, 'server')
}

/**
 * One transaction of the server's. When `change` throws, what it had done is undone before anybody is told of it, and the
 * error is thrown on.
 */
function transact(document: SyncDocument, change: (doc: Y.Doc) => void): void {
  const origin = { source: 'local', skipStoreHooks: true } as const
  let failed: { error: unknown; undo: Y.UndoManager } | undefined
  document.transact(() => {
    try {
      change(document)
    } catch (error) {
      failed = { error, undo: new Y.UndoManager(document, { trackedOrigins: new Set([origin]), captureTimeout: 0 }) }
    }
  }, origin)
  if (!failed) return
  failed.undo.undo()
  failed.undo.destroy()
  throw failed.error
}
