import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { savedState, type Connection, type SavedState } from './saved.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import { createStore, type Store } from './store.ts'
import { openSyncedDocument, type DocumentState, type SyncedDocument } from './sync-document.ts'

/** Every shared document of this tab, over one socket that opens with the first document. */
export type Sync = {
  /** Opens a document, or holds it open once more. Call the answer to let go; it closes a little after the last one. */
  open(name: string): () => void
  /** What is known of an open document; the same object until something changes. */
  state(name: string): DocumentState
  subscribe(name: string, listener: () => void): () => void
  saved: Store<SavedState>
  stop(): void
}

/** A page change closes and opens the same documents: keep them a moment. */
const lingerMs = 4000

type Entry = { document: SyncedDocument; holders: number; closing: ReturnType<typeof setTimeout> | undefined }

export const nothingYet: DocumentState = { status: 'joining', access: 'read', doc: new Y.Doc(), awareness: null }

export function createSync(options: { url: string; onSignedOut(): void }): Sync {
  const entries = new Map<string, Entry>()
  const saved = createStore<SavedState>({ status: 'connecting' })
  let connection: Connection = 'connecting'
  let socket: HocuspocusProviderWebsocket | undefined

  function review() {
    const documents = [...entries.values()].map(({ document }) => ({ access: document.state.get().access, unsaved: document.unsaved() }))
    const next = savedState(connection, navigator.onLine, documents)
    const now = saved.get()
    const same = now.status === next.status && (!('changes' in now) || !('changes' in next) || now.changes === next.changes)
    if (!same) saved.set(next)
  }

  function ended() {
    connection = 'ended'
    socket?.disconnect()
    review()
    options.onSignedOut()
  }

  /** The address names the room, so that what stands before several servers finds the one that holds it. */
  function urlFor(name: string): string {
    const document = parseDocumentName(name)
    return 'projectId' in document ? `${options.url}?project=${document.projectId}` : options.url
  }

  function connect(url: string) {
    const made = new HocuspocusProviderWebsocket({
      url,
      delay: 400,
      factor: 1.6,
      minDelay: 250,
      maxDelay: 5000,
      onConnect: () => {
        connection = 'connected'
        review()
      },
      onClose: ({ event }) => {
        connection = connection === 'connecting' ? 'connecting' : 'offline'
        for (const { document } of entries.values()) document.lost()
        if (event?.code === closeCodes.unauthenticated.code) return ended()
        review()
      },
    })
    return made
  }

  const onOnline = () => {
    if (socket && connection === 'offline') void socket.connect()
    review()
  }
  const onLeave = (event: BeforeUnloadEvent) => {
    if ([...entries.values()].some(({ document }) => document.unsaved() > 0)) event.preventDefault()
  }
  window.addEventListener('online', onOnline)
  window.addEventListener('offline', review)
  window.addEventListener('beforeunload', onLeave)

  function close(name: string, entry: Entry) {
    // Closing would lose what is not durable yet: look again later.
    if (entry.document.unsaved() > 0) entry.closing = setTimeout(() => close(name, entry), lingerMs)
    else {
      entries.delete(name)
      entry.document.destroy()
      review()
    }
  }

  return {
    saved,
    open(name) {
      if (!socket) socket = connect(urlFor(name))
      else if (name.startsWith('project/')) socket.setConfiguration({ url: urlFor(name) })
      let entry = entries.get(name)
      if (!entry) {
        entry = { document: openSyncedDocument({ name, socket, onChange: review, onSignedOut: ended }), holders: 0, closing: undefined }
        entries.set(name, entry)
      }
      const held = entry
      held.holders += 1
      clearTimeout(held.closing)
      return () => {
        held.holders -= 1
        if (held.holders > 0) return
        // A refusal is not kept: whoever was let in meanwhile must find the door open.
        const { status } = held.document.state.get()
        if (status === 'denied' || status === 'gone') close(name, held)
        else held.closing = setTimeout(() => close(name, held), lingerMs)
      }
    },
    state: (name) => entries.get(name)?.document.state.get() ?? nothingYet,
    subscribe: (name, listener) => entries.get(name)?.document.state.subscribe(listener) ?? (() => {}),
    stop() {
      window.removeEventListener('online', onOnline)
      window.removeEventListener('offline', review)
      window.removeEventListener('beforeunload', onLeave)
      for (const { document, closing } of entries.values()) {
        clearTimeout(closing)
        document.destroy()
      }
      entries.clear()
      socket?.destroy()
    },
  }
}
