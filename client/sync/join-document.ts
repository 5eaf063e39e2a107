import { WebSocketStatus, type HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type * as Y from 'yjs'
import { documentKinds } from '#shared/wire/document-kinds.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import { ServerStateless } from '#shared/wire/stateless.ts'
import { GuardedProvider } from './guarded-provider.ts'

export type JoinHandlers = {
  onAccess(access: 'read' | 'write'): void
  onRefused(reason: string): void
  /** Everything the server has is here. */
  onSynced(): void
  /** The server may have taken in what this browser had. */
  onTaken(): void
  onMessage(message: ServerStateless): void
  /** The document changed by what came from the server. */
  onReceived(update: Uint8Array): void
  /** It was changed here. */
  onEdited(update: Uint8Array): void
  mayJoin(server: Uint8Array): boolean
  maySend(update: Uint8Array): boolean
}

/** Joins a document to the server's over the tab's socket, once it is attached. */
export function joinDocument(name: string, socket: HocuspocusProviderWebsocket, doc: Y.Doc, handlers: JoinHandlers): GuardedProvider {
  const joined = new GuardedProvider(
    {
      name,
      document: doc,
      websocketProvider: socket,
      token: '',
      // Presence lives on the project's document alone.
      ...(!documentKinds[parseDocumentName(name).kind].showsPeople && { awareness: null }),
      onAuthenticated: ({ scope }) => handlers.onAccess(scope === 'read-write' ? 'write' : 'read'),
      onAuthenticationFailed: ({ reason }) => handlers.onRefused(reason),
      onSynced: handlers.onSynced,
      onUnsyncedChanges: handlers.onTaken,
      onStateless: ({ payload }) => {
        const message = parseStateless(payload)
        if (message) handlers.onMessage(message)
      },
      onClose: ({ event }) => {
        // A close of this document alone, not of the socket itself.
        if (event.code === 1000 && socket.status === WebSocketStatus.Connected) handlers.onRefused(event.reason)
      },
    },
    handlers.mayJoin,
    handlers.maySend,
  )
  doc.on('update', (update: Uint8Array, origin: unknown) => (origin === joined ? handlers.onReceived(update) : handlers.onEdited(update)))
  return joined
}

function parseStateless(payload: string): ServerStateless | undefined {
  try {
    return ServerStateless.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
