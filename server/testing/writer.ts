import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import { openDocument, withHeaders } from '../sync/testing/room.ts'
import type { TestPerson } from './people.ts'

/** Somebody who writes on a project's board without a pause, over a real socket, and counts what was said to be saved as the page does. */
export type Writer = ReturnType<typeof openWriter>

export function openWriter(url: string, person: TestPerson, projectId: string, everyMs = 50) {
  const socket = new HocuspocusProviderWebsocket({
    url: `${url.replace('http', 'ws')}/sync`,
    WebSocketPolyfill: withHeaders({ cookie: person.cookie, origin: url }),
    // As the page has it.
    delay: 400,
    factor: 1.6,
    minDelay: 250,
    maxDelay: 5000,
  })
  const board = openDocument(socket, `board/${projectId}`, new Y.Doc(), '')
  const todos = board.doc.getMap('todos')
  const keyOf = (at: number) => `${person.name}-${at}`
  let written = 0
  let saved = 0
  let sent = 0
  /** Everything of before this connection has arrived, so that a mark speaks for it. */
  let level = false
  let heard = 0
  const onStatus = ({ status }: { status: string }) => {
    if (status === 'connected') return
    level = false
    sent = saved
  }
  socket.on('status', onStatus)

  function hear(): void {
    for (const message of board.heard.slice(heard)) if (message.type === 'marked') saved = Math.max(saved, Math.min(message.mark, written))
    heard = board.heard.length
  }

  function mark(): void {
    const { provider } = board
    hear()
    level ||= provider.isSynced && provider.isAuthenticated && provider.unsyncedChanges === 0
    if (!level || sent >= written) return
    sent = written
    provider.sendStateless(JSON.stringify({ type: 'mark', mark: sent }))
  }

  let typing: NodeJS.Timeout | undefined
  const marking = setInterval(mark, 40)
  return {
    name: person.name,
    board,
    has: (key: string) => todos.has(key),
    type() {
      typing ??= setInterval(() => todos.set(keyOf(written++), 1), everyMs)
    },
    rest() {
      clearInterval(typing)
      typing = undefined
    },
    written: () => written,
    /** Edits that the server has said are durable. */
    saved() {
      hear()
      return saved
    },
    /** Those of the first `count` edits that a document does not have. */
    missingIn: (doc: Y.Doc, count: number) => Array.from({ length: count }, (_, at) => keyOf(at)).filter((key) => !doc.getMap('todos').has(key)),
    close() {
      clearInterval(typing)
      clearInterval(marking)
      board.provider.destroy()
      socket.destroy()
    },
  }
}
