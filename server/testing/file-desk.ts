import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import { fileText, readConflicts, readFileState } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import type { TestPerson } from './people.ts'

/** What a person has open in a browser tab: a room and files of it, over one real socket. */
export function openDesk(url: string, person: TestPerson, projectId: string) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: quiet(withHeaders({ cookie: person.cookie, origin: url })),
    delay: 50,
    minDelay: 50,
    maxDelay: 300,
  })
  const room = openDocument(socket, `project/${projectId}`, new Y.Doc(), '')
  return {
    socket,
    room,
    state: (path: string) => readFileState(room.doc, path as FilePath),
    conflicts: (path?: string) => readConflicts(room.doc, path as FilePath | undefined),
    /** Waits until the document was received. */
    async open(path: string) {
      const opened = openDocument(socket, `file/${projectId}/${path}`, new Y.Doc(), '')
      await opened.synced()
      const text = fileText(opened.doc)
      return {
        ...opened,
        text,
        /** How this document is connected, in a few words, for who asks why somebody does not see something. */
        link: () => {
          const { provider } = opened
          const is = Object.entries({ attached: provider.isAttached, authenticated: provider.isAuthenticated, synced: provider.synced })
          return [
            socket.status,
            ...is.map(([what, held]) => (held ? what : `not ${what}`)),
            `${provider.unsyncedChanges} unsynced`,
            `refusals ${JSON.stringify(opened.refusals)}`,
            `closes ${JSON.stringify(opened.closed.slice(-3))}`,
          ].join(', ')
        },
        says: () => text.toString(),
        shows: (wanted: string) =>
          opened.until(
            () => text.toString() === wanted,
            `the text ${JSON.stringify(wanted.slice(0, 200))}, which is ${JSON.stringify(text.toString().slice(0, 200))},`,
          ),
        type: (passage: string, before?: string) => text.insert(before === undefined ? text.length : text.toString().indexOf(before), passage),
      }
    },
    close() {
      socket.destroy()
    },
  }
}

/** A socket that is closed while it connects says so to nobody else. */
export function quiet(Socket: typeof WebSocket): typeof WebSocket {
  return class extends Socket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols)
      this.on('error', () => undefined)
    }
  } as typeof WebSocket
}
