import * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import type { OfflineStore } from '../offline/offline-store.ts'
import { createUnmergedEdits, type UnmergedEdits } from '../offline/unmerged-edits.ts'
import { createStore, type Store } from '../ui/store.ts'
import type { DocumentState } from './document-state.ts'
import { forgetRoom } from './forget-room.ts'
import { listenToPage } from './listen-to-page.ts'
import { createOpenDocuments } from './open-documents.ts'
import { sameValue } from './same-value.ts'
import { savedState, type SavedState } from './saved.ts'
import type { Waiting } from './silence.ts'
import { SyncedDocument } from './sync-document.ts'
import { createTabSocket } from './tab-socket.ts'

/** Every shared document of this tab, over one socket that opens with the first document. */
export type Sync = {
  /** Opens a document, or holds it open once more. Call the answer to let go; it closes a little after the last one. */
  open(name: string): () => void
  /** What is known of an open document; the same object until something changes. */
  state(name: string): DocumentState
  subscribe(name: string, listener: () => void): () => void
  saved: Store<SavedState>
  /** Whose documents these are. Another person's are closed, and nobody's are kept. */
  become(userId: UserId | null): void
  /** This person signs out: nothing of theirs stays in this browser. */
  forget(): Promise<void>
  /** This person's edits of files that could not be joined to what the server has. */
  unmergedEdits: UnmergedEdits
  /** What is kept of this person, when the browser keeps anything. */
  offlineStore(): Promise<OfflineStore | undefined>
  stop(): void
}

type Options = {
  url: string
  onSignedOut(): void
  /** The server does not serve this page's version any more. Its edits are kept, as without a connection. */
  onOutdated?(): void
  /** Opens what is kept of a person. */
  openOfflineStore?(userId: UserId): Promise<OfflineStore>
  /** Edits that will never be accepted were taken back. */
  onRefused?(edits: number): void
  /** What waits to be sent besides edits of documents. */
  elsewhere?: Pick<Store<number>, 'get' | 'subscribe'>
}

export const nothingYet: DocumentState = { status: 'joining', access: 'read', doc: new Y.Doc(), awareness: null }

export function createSync(options: Options): Sync {
  const saved = createStore<SavedState>({ status: 'connecting' })
  let person: UserId | null = null
  let offlineStore: Promise<OfflineStore | undefined> | undefined
  const unmergedEdits = createUnmergedEdits(() => offlineStore)
  const documents = createOpenDocuments(openDocument, review)
  const socket = createTabSocket({
    url: options.url,
    onChange: review,
    onLost: () => documents.all().forEach((document) => document.lost()),
    onSignedOut: ended,
    onOutdated: () => options.onOutdated?.(),
    waitsFor,
  })
  const stopListening = listenToPage({
    onOnline: () => {
      socket.tryNow()
      review()
    },
    onOffline: review,
    losesEdits: () => documents.all().some((document) => document.atRisk() > 0),
    onHidden: () => documents.all().forEach((document) => document.keepNow()),
  })
  const stopElsewhere = options.elsewhere?.subscribe(review)
  unmergedEdits.subscribe(review)

  function review() {
    const open = documents.all().map((document) => ({ access: document.state.get().access, unsaved: document.unsaved() }))
    const next = savedState(socket.connection(), navigator.onLine, open, (options.elsewhere?.get() ?? 0) + unmergedEdits.waiting())
    if (!sameValue(saved.get(), next)) saved.set(next)
  }

  function ended() {
    socket.end()
    options.onSignedOut()
  }

  function waitsFor(): Waiting {
    const open = documents.all()
    if (open.some((document) => document.unsaved() > 0)) return 'edits'
    return open.some(({ state }) => state.get().status === 'joining') ? 'joining' : undefined
  }

  function openDocument(name: string): SyncedDocument {
    const made = new SyncedDocument({
      name,
      socket: socket.forDocument(name),
      ...(offlineStore && { offlineStore }),
      onChange: review,
      onSignedOut: ended,
      onUnmerged: unmergedEdits.add,
      ...(options.onRefused && { onRefused: options.onRefused }),
    })
    made.state.subscribe(() => {
      const { status, doc } = made.state.get()
      if ((status === 'denied' || status === 'gone') && name.startsWith('project/')) forgetRoom(offlineStore, name, doc).catch(() => undefined)
    })
    return made
  }

  function closeAll() {
    documents.closeAll()
    socket.close()
    unmergedEdits.clear()
  }

  function open(name: string): () => void {
    socket.forDocument(name)
    return documents.open(name)
  }

  /** Edits of an earlier page in documents that nobody has opened in this one go to the server as well. */
  async function sendWaiting(from: Promise<OfflineStore | undefined>) {
    const waiting = await (await from)?.waiting()
    if (offlineStore !== from || !waiting) return
    for (const name of waiting.keys()) open(name)()
  }

  async function findUnmerged(from: Promise<OfflineStore | undefined>) {
    for (const edit of (await (await from)?.unmergedEdits()) ?? []) if (offlineStore === from) unmergedEdits.add(edit)
  }

  return {
    saved,
    unmergedEdits,
    open,
    become(userId) {
      if (userId === person) return
      closeAll()
      void offlineStore?.then((store) => store?.close())
      person = userId
      offlineStore = userId === null ? undefined : options.openOfflineStore?.(userId).catch(() => undefined)
      if (offlineStore) {
        sendWaiting(offlineStore).catch(() => undefined)
        findUnmerged(offlineStore).catch(() => undefined)
      }
      review()
    },
    async forget() {
      closeAll()
      const store = await offlineStore
      offlineStore = undefined
      person = null
      await store?.destroy()
    },
    offlineStore: () => offlineStore ?? Promise.resolve(undefined),
    state: (name) => documents.get(name)?.state.get() ?? nothingYet,
    subscribe: (name, listener) => documents.get(name)?.state.subscribe(listener) ?? (() => {}),
    stop() {
      stopListening()
      stopElsewhere?.()
      documents.closeAll()
      socket.stop()
      void offlineStore?.then((store) => store?.close())
    },
  }
}
