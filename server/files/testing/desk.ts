import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { vi } from 'vitest'
import * as Y from 'yjs'
import { fileText, readConflicts, readFileState } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { openDocument, withHeaders } from '../../sync/testing/room.ts'
import type { TestPerson } from '../../testing/people.ts'

/** What a person has open in a browser tab: a room and files of it, over one real socket. */
export function openDesk(url: string, person: TestPerson, projectId: string) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: withHeaders({ cookie: person.cookie, origin: url }),
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
        says: () => text.toString(),
        until: (wanted: string, timeout = 5_000) => vi.waitFor(() => expectText(text.toString(), wanted), { timeout, interval: 5 }),
        type: (passage: string, before?: string) => text.insert(before === undefined ? text.length : text.toString().indexOf(before), passage),
      }
    },
    close() {
      socket.destroy()
    },
  }
}

function expectText(found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`the text is ${JSON.stringify(found.slice(0, 300))}, not ${JSON.stringify(wanted.slice(0, 300))}`)
}
