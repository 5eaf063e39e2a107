import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { type DocumentName, formatDocumentName } from '#shared/wire/document-names.ts'
import type { Rights } from './authenticate.ts'
import { type Connections, closeDocument } from './connections.ts'
import type { Context, GuardedHocuspocus, SyncDocument } from './hocuspocus.ts'
import { deleteLog } from './log-store.ts'
import type { Database } from '../db/port.ts'
import type { Documents, OpenDocument } from './port.ts'
import type { Rooms } from './rooms.ts'

type Deps = { hocuspocus: GuardedHocuspocus; rooms: Rooms; connections: Connections; rights: Rights; database: Database; stop(): Promise<void> }

/** The server's own way to documents. */
export function createDocuments({ hocuspocus, rooms, connections, rights, database, stop }: Deps): Documents {
  /** Loads it, or joins what is loaded, and keeps it from being unloaded. */
  async function hold(name: DocumentName): Promise<SyncDocument> {
    const projectId = await rights.projectOf(name)
    if (!projectId) throw new AppError('not_found', 'there is no such session')
    const text = formatDocumentName(name)
    const context: Context = { name, projectId }
    const request = new Request('http://server')
    while (true) {
      if (rooms.stopping) throw new AppError('unavailable', 'the server is stopping')
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
      if (closed || !entry || entry.log.lost) throw new AppError('unavailable', 'the document is closed')
      return entry
    }
    return {
      doc: document,
      transact(change) {
        alive().usedAt = performance.now()
        transact(document, change)
      },
      flushed: async () => alive().log.flushed(),
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
    isLoaded: (name) => hocuspocus.documents.has(formatDocumentName(name)),
    onLoad: (kind, level) => rooms.onLoad(kind, level as (name: DocumentName, doc: Y.Doc) => Promise<void>),
    peopleIn: connections.peopleIn,
    onPeople: connections.onPeople,
    accessChanged: connections.accessChanged,
    credentialEnded: async (credentialId) => connections.credentialEnded(credentialId),
    async remove(names) {
      for (const name of names) {
        const text = formatDocumentName(name)
        // A project goes with every document of it.
        const isGone = (entry: { text: string; projectId: ProjectId }) =>
          name.kind === 'project' ? entry.projectId === name.projectId : entry.text === text
        for (const entry of rooms.entries().filter(isGone)) {
          for (const connection of entry.document.getConnections()) {
            const { socket } = connection.context as Context
            if (!socket) continue
            closeDocument({ connection, socket }, closeCodes.notFound)
            if (name.kind === 'project' && socket.documents === 0) socket.close(closeCodes.notFound)
          }
          await rooms.drop(entry)
        }
        if (name.kind === 'project') await rooms.leave(name.projectId)
        await deleteLog(database.db, name.kind === 'project' ? { projectId: name.projectId } : { document: text })
      }
    },
    stop,
  }
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
