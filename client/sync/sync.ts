import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { savedState, type Connection, type SavedState } from './saved.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import { createSilence, type Waiting } from './silence.ts'
import { createUnmergedEdits, type UnmergedEdits } from '../offline/unmerged-edits.ts'
import type { OfflineStore } from '../offline/offline-store.ts'
import { createStore, type Store } from '../ui/store.ts'
import type { DocumentState } from './document-state.ts'
import { SyncedDocument } from './sync-document.ts'

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
  /** What this person made of files, and could not be joined to what the server has. */
  unmergedEdits: UnmergedEdits
  /** What is kept of this person, when the browser keeps anything. */
  offlineStore(): Promise<OfflineStore | undefined>
  stop(): void
}

type Options = {
  url: string
  onSignedOut(): void
  /** Opens what is kept of a person. */
  openOfflineStore?(userId: UserId): Promise<OfflineStore>
  /** Edits that will never be accepted were taken back. */
  onRefused?(edits: number): void
  /** What waits to be sent besides edits of documents. */
  elsewhere?: Pick<Store<number>, 'get' | 'subscribe'>
}

/** A page change closes and opens the same documents: keep them a moment. */
const lingerMs = 4000
const listenMs = 500

type Entry = { document: SyncedDocument; holders: number; closing: ReturnType<typeof setTimeout> | undefined }

export const nothingYet: DocumentState = { status: 'joining', access: 'read', doc: new Y.Doc(), awareness: null }

export function createSync(options: Options): Sync {
  const entries = new Map<string, Entry>()
  const saved = createStore<SavedState>({ status: 'connecting' })
  let connection: Connection = 'connecting'
  let socket: HocuspocusProviderWebsocket | undefined
  let person: UserId | null = null
  const silence = createSilence(() => performance.now())
  let offlineStore: Promise<OfflineStore | undefined> | undefined

  const unmergedEdits = createUnmergedEdits(() => offlineStore)

  function review() {
    const documents = [...entries.values()].map(({ document }) => ({ access: document.state.get().access, unsaved: document.unsaved() }))
    const next = savedState(connection, navigator.onLine, documents, (options.elsewhere?.get() ?? 0) + unmergedEdits.waiting())
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
        silence.heard()
        review()
      },
      onMessage: silence.heard,
      onClose: ({ event }) => {
        connection = 'offline'
        for (const { document } of entries.values()) document.lost()
        if (event?.code === closeCodes.unauthenticated.code) return ended()
        review()
      },
    })
    return made
  }

  function waitsFor(): Waiting {
    const open = [...entries.values()].map(({ document }) => document)
    if (connection !== 'connected') return undefined
    if (open.some((document) => document.unsaved() > 0)) return 'edits'
    return open.some(({ state }) => state.get().status === 'joining') ? 'joining' : undefined
  }
  const listening = setInterval(() => {
    if (!socket || !silence.isTooLong(waitsFor(), socket.webSocket?.bufferedAmount ?? 0)) return
    // Closing it in the usual way would wait for the other side.
    socket.onClose({ event: { code: 4408, reason: 'silent' } as CloseEvent })
  }, listenMs)

  const onOnline = () => {
    if (socket && connection === 'offline') void socket.connect()
    review()
  }
  const onLeave = (event: BeforeUnloadEvent) => {
    if ([...entries.values()].some(({ document }) => document.atRisk() > 0)) event.preventDefault()
  }
  const onHide = () => {
    if (document.visibilityState !== 'hidden') return
    for (const { document: open } of entries.values()) open.keepNow()
  }
  window.addEventListener('online', onOnline)
  window.addEventListener('offline', review)
  window.addEventListener('beforeunload', onLeave)
  document.addEventListener('visibilitychange', onHide)
  const stopElsewhere = options.elsewhere?.subscribe(review)
  unmergedEdits.subscribe(review)

  function close(name: string, entry: Entry) {
    // Closing would lose what is not durable yet: look again later.
    if (entry.document.unsaved() > 0) entry.closing = setTimeout(() => close(name, entry), lingerMs)
    else {
      entries.delete(name)
      entry.document.destroy()
      review()
    }
  }

  function open(name: string): () => void {
    if (!socket) socket = connect(urlFor(name))
    else if (name.startsWith('project/')) socket.setConfiguration({ url: urlFor(name) })
    let entry = entries.get(name)
    if (!entry) {
      const made = new SyncedDocument({
        name,
        socket,
        ...(offlineStore && { offlineStore }),
        onChange: review,
        onSignedOut: ended,
        onUnmerged: unmergedEdits.add,
        ...(options.onRefused && { onRefused: options.onRefused }),
      })
      made.state.subscribe(() => {
        const { status, doc } = made.state.get()
        if ((status === 'denied' || status === 'gone') && name.startsWith('project/')) forgetRoom(name, doc)
      })
      entry = { document: made, holders: 0, closing: undefined }
      entries.set(name, entry)
    }
    const held = entry
    held.holders += 1
    clearTimeout(held.closing)
    return () => {
      held.holders -= 1
      if (held.holders > 0 || entries.get(name) !== held) return
      // A refusal is not kept: whoever was let in meanwhile must find the door open.
      const { status } = held.document.state.get()
      if (status === 'denied' || status === 'gone') close(name, held)
      else held.closing = setTimeout(() => close(name, held), lingerMs)
    }
  }

  /** A room that one may not see any more is not kept either, with nothing that belongs to it. */
  function forgetRoom(name: string, doc: Y.Doc) {
    const projectId = name.slice('project/'.length)
    const sessions = new Set([...doc.getMap('sessions').keys()].map((id) => `session/${id}`))
    const belongs = (other: string) => other.endsWith(`/${projectId}`) || other.startsWith(`file/${projectId}/`) || sessions.has(other)
    const forget = async () => {
      const store = await offlineStore
      await store?.remove((await store.names()).filter(belongs))
    }
    forget().catch(() => undefined)
  }

  function closeAll() {
    for (const { document: open, closing } of entries.values()) {
      clearTimeout(closing)
      open.destroy()
    }
    entries.clear()
    socket?.destroy()
    socket = undefined
    connection = 'connecting'
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
      const before = offlineStore
      void before?.then((store) => store?.close())
      person = userId
      offlineStore = userId === null ? undefined : options.openOfflineStore?.(userId).catch(() => undefined)
      unmergedEdits.clear()
      if (offlineStore) {
        sendWaiting(offlineStore).catch(() => undefined)
        findUnmerged(offlineStore).catch(() => undefined)
      }
      review()
    },
    async forget() {
      closeAll()
      unmergedEdits.clear()
      const store = await offlineStore
      offlineStore = undefined
      person = null
      await store?.destroy()
    },
    offlineStore: () => offlineStore ?? Promise.resolve(undefined),
    state: (name) => entries.get(name)?.document.state.get() ?? nothingYet,
    subscribe: (name, listener) => entries.get(name)?.document.state.subscribe(listener) ?? (() => {}),
    stop() {
      clearInterval(listening)
      window.removeEventListener('online', onOnline)
      window.removeEventListener('offline', review)
      window.removeEventListener('beforeunload', onLeave)
      document.removeEventListener('visibilitychange', onHide)
      stopElsewhere?.()
      closeAll()
      void offlineStore?.then((store) => store?.close())
    },
  }
}
