import { WebSocketStatus, type HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'
import { parseDocumentName, serverWritten } from '#shared/wire/document-names.ts'
import { ServerStateless } from '#shared/wire/stateless.ts'
import { GuardedProvider, isWithin, sameHistory } from './guarded-provider.ts'
import { keepDocument, type DocumentKeeper } from '../offline/keep-document.ts'
import type { UnmergedEdit, OfflineStore } from '../offline/offline-store.ts'
import { createSaveTracker } from './saved.ts'
import { createStore, type Store } from '../ui/store.ts'

/**
 * What a component knows of a shared document.
 *   joining  not here yet     kept   as this browser last saw it, with what was edited here since
 *   ready    level with the server at least once
 *   denied   no right to it   gone   nothing stands behind the name
 * `doc` is replaced when edits made here were refused, so that nobody keeps looking at what nobody else has.
 */
export type DocumentState = {
  status: 'joining' | 'kept' | 'ready' | 'denied' | 'gone'
  access: 'read' | 'write'
  doc: Y.Doc
  awareness: Awareness | null
}

export type SyncedDocument = {
  state: Store<DocumentState>
  unsaved(): number
  /** Edits that a reload would lose: neither durable on the server nor kept here. */
  atRisk(): number
  /** The page may be left now: keep what there is. */
  keepNow(): void
  /** The socket went away. */
  lost(): void
  destroy(): void
}

export type SyncedDocumentOptions = {
  name: string
  socket: HocuspocusProviderWebsocket
  /** Where documents are kept in this browser; without it nothing outlives the page. */
  offlineStore?: Promise<OfflineStore | undefined>
  /** Something that decides the saved state changed. */
  onChange(): void
  /** Edits made here will never be accepted; they are gone from the document. */
  onRefused?(edits: number): void
  /** Edits of a file that cannot be joined to the server's document stand aside. */
  onUnmerged(edit: UnmergedEdit): void
  onSignedOut(): void
}

/** How long edits gather before they are marked together. */
const markAfterMs = 40
const rejoinAfterMs = 1500

/** Refusals by their reason, as the server words them; everything else may pass by itself. */
const finalReasons: Record<string, 'denied' | 'gone' | 'signed-out'> = {
  'no access': 'denied',
  forbidden: 'denied',
  'permission-denied': 'denied',
  'not found': 'gone',
  not_found: 'gone',
  'sign in again': 'signed-out',
  unauthenticated: 'signed-out',
}

/** One document on the tab's socket: joins, stays level, and knows which of this browser's edits are durable. */
export function openSyncedDocument({
  name,
  socket,
  offlineStore,
  onChange,
  onSignedOut,
  onRefused,
  onUnmerged,
}: SyncedDocumentOptions): SyncedDocument {
  const kind = parseDocumentName(name).kind
  const mayWrite = !serverWritten[kind]
  let tracker = createSaveTracker()
  let timer: ReturnType<typeof setTimeout> | undefined
  let rejoin: ReturnType<typeof setTimeout> | undefined
  /** Everything this browser held when it joined has arrived, so a mark speaks for all of it. */
  let level = false
  /** An edit was made that is larger than the server takes. The document goes back at the end of this turn. */
  let large = false
  let over = false

  const keeper = offlineStore && keepDocument(name, offlineStore, read)
  let provider = join(new Y.Doc())
  const state = createStore<DocumentState>({ status: 'joining', access: 'read', doc: provider.document, awareness: provider.awareness })
  if (keeper) void restore(keeper)
  else provider.attach()

  /** What may be kept: only a document that was level with the server, and that this person may see. */
  function read() {
    const { status, doc, access } = state.get()
    return status === 'ready' ? { doc, access } : undefined
  }

  async function restore(from: DocumentKeeper) {
    const found = await from.restore(provider.document, provider)
    if (over) return
    if (found) {
      tracker.edited(found.waiting)
      patch({ status: 'kept', access: mayWrite ? found.access : 'read' })
    }
    provider.attach()
  }

  function patch(change: Partial<DocumentState>) {
    const before = state.get()
    const next = { ...before, ...change }
    if ((Object.keys(next) as (keyof DocumentState)[]).some((key) => next[key] !== before[key])) state.set(next)
    onChange()
  }

  function join(doc: Y.Doc) {
    const joined = new GuardedProvider(
      {
        name,
        document: doc,
        websocketProvider: socket,
        token: '',
        // Presence lives on the project's document alone.
        ...(kind !== 'project' && { awareness: null }),
        onAuthenticated: ({ scope }) => {
          const access = mayWrite && scope === 'read-write' ? 'write' : 'read'
          if (access === 'read') dropRefused()
          patch({ access })
        },
        onAuthenticationFailed: ({ reason }) => refused(reason),
        onSynced: () => {
          const before = state.get().doc
          patch({ status: 'ready', doc: joined.document, awareness: joined.awareness })
          if (before !== joined.document) before.destroy()
          keeper?.touch()
          // What is edited from now on stands beside it.
          if (mayWrite) keeper?.flush()
          settle()
        },
        onUnsyncedChanges: settle,
        onStateless: ({ payload }) => heard(payload),
        onClose: ({ event }) => {
          // A close of this document alone; when the socket itself goes, `lost` is called.
          if (event.code === 1000 && socket.status === WebSocketStatus.Connected) refused(event.reason)
        },
      },
      (server) => joined === provider && mayJoin(server),
      maySend,
    )
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === joined) keeper?.received(update)
      else keeper?.touch()
      if (!mayWrite || origin === joined || joined !== provider || large) return
      tracker.edited()
      keeper?.edited(update)
      mark()
      onChange()
    })
    return joined
  }

  /** Nothing goes to the server, or is kept for it, that it refuses each time it comes. */
  function maySend(update: Uint8Array): boolean {
    if (!large && update.length > maxUpdateBytes) {
      large = true
      // Whoever made the edit is still at it.
      queueMicrotask(() => large && !over && beginAgain(true))
    }
    return !large
  }

  /** The server said what it holds. What cannot become level with it is begun again from the server's state. */
  function mayJoin(server: Uint8Array): boolean {
    const { access, doc } = state.get()
    const fits = access === 'write' ? sameHistory(keeper?.vector, server) : isWithin(doc, server)
    // Many edits without a connection: together they are one answer.
    if (fits && Y.encodeStateAsUpdate(provider.document, server).length > maxUpdateBytes) {
      beginAgain(true)
      return false
    }
    if (!fits) beginAgain()
    else if (keeper) keeper.vector = server
    return fits
  }

  /** After joining, the server asks for what it lacks; once that was taken in, marks may be sent. */
  function settle() {
    if (level || !provider.isSynced || provider.unsyncedChanges > 0) return
    level = true
    mark()
  }

  function mark() {
    if (!level || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      if (!level) return
      const next = tracker.nextMark()
      if (next !== undefined) provider.sendStateless(JSON.stringify({ type: 'mark', mark: next }))
    }, markAfterMs)
  }

  function heard(payload: string) {
    const message = parseStateless(payload)
    if (message?.type === 'marked') {
      tracker.marked(message.mark)
      keeper?.settled(tracker.unsaved())
      onChange()
    }
    if (message?.type === 'access') {
      if (message.access === 'read') dropRefused()
      patch({ access: mayWrite ? message.access : 'read' })
    }
    if (message?.type === 'refused') dropRefused(message.code === 'too_large')
  }

  /** Edits that will never be accepted would stay visible here for good. */
  function dropRefused(tooLarge = false) {
    if (mayWrite && tracker.unsaved() > 0) beginAgain(tooLarge)
  }

  /** Joins with an empty document. What was shown stays until the server's is here, unless it holds refused edits. */
  function beginAgain(tooLarge = false) {
    const one = large
    const refusedEdits = one ? 1 : tracker.unsaved()
    const keepsUnmerged = refusedEdits > 0 && (kind === 'file' || tooLarge)
    tracker = createSaveTracker(tracker.count())
    large = false
    const put = keepsUnmerged ? keepUnmerged(state.get().doc, refusedEdits, one || (tooLarge && kind !== 'file'), one) : keeper?.forget()
    level = false
    provider.destroy()
    provider = join(new Y.Doc())
    if (tooLarge) provider.waitForSignIn()
    const { doc } = state.get()
    patch({ awareness: provider.awareness, ...(refusedEdits > 0 && { status: 'joining', doc: provider.document }) })
    // The edits before one that is too large are kept, and wait on.
    if (one && keeper) void put?.then(() => restore(keeper))
    else provider.attach()
    if (refusedEdits === 0) return
    doc.destroy()
    if (!keepsUnmerged) onRefused?.(refusedEdits)
  }

  /** Where nothing is kept in this browser, for as long as the page lasts. */
  async function keepUnmerged(doc: Y.Doc, edits: number, tooLarge: boolean, stay: boolean) {
    const here = { id: newId('hin'), name, at: Date.now(), before: undefined, mine: Y.encodeStateAsUpdate(doc), edits, large: tooLarge }
    onUnmerged(keeper ? await keeper.keepUnmerged(doc, edits, tooLarge, stay) : here)
  }

  function refused(reason: string) {
    const final = finalReasons[reason]
    level = false
    tracker.disconnected()
    if (final === 'signed-out') return onSignedOut()
    if (final) {
      keeper?.forget()
      // Whoever asks again for what is gone is told no more than anybody is.
      return patch({ status: state.get().status === 'gone' ? 'gone' : final, access: 'read' })
    }
    clearTimeout(rejoin)
    rejoin = setTimeout(() => {
      if (socket.status === WebSocketStatus.Connected) void provider.onOpen(new Event('open'))
    }, rejoinAfterMs)
  }

  return {
    state,
    unsaved: () => tracker.unsaved(),
    atRisk: () => (keeper ? Math.min(keeper.atRisk(), tracker.unsaved()) : tracker.unsaved()),
    keepNow: () => keeper?.flush(),
    lost() {
      level = false
      // From now on a reload has nothing but what is kept.
      keeper?.flush()
      tracker.disconnected()
    },
    destroy() {
      over = true
      keeper?.flush()
      clearTimeout(timer)
      clearTimeout(rejoin)
      provider.destroy()
      provider.document.destroy()
      state.get().doc.destroy()
    },
  }
}

function parseStateless(payload: string): ServerStateless | undefined {
  try {
    return ServerStateless.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
