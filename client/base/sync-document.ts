import { HocuspocusProvider, WebSocketStatus, type HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { parseDocumentName, serverWritten } from '#shared/wire/document-names.ts'
import { ServerStateless } from '#shared/wire/stateless.ts'
import { createSaveTracker } from './saved.ts'
import { createStore, type Store } from './store.ts'

/**
 * What a component knows of a shared document.
 *   joining  not here yet     ready  level with the server at least once
 *   denied   no right to it   gone   nothing stands behind the name
 * `doc` is replaced when edits made here were refused, so that nobody keeps looking at what nobody else has.
 */
export type DocumentState = {
  status: 'joining' | 'ready' | 'denied' | 'gone'
  access: 'read' | 'write'
  doc: Y.Doc
  awareness: Awareness | null
}

export type SyncedDocument = {
  state: Store<DocumentState>
  unsaved(): number
  /** The socket went away. */
  lost(): void
  destroy(): void
}

export type SyncedDocumentOptions = {
  name: string
  socket: HocuspocusProviderWebsocket
  /** Something that decides the saved state changed. */
  onChange(): void
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
export function openSyncedDocument({ name, socket, onChange, onSignedOut }: SyncedDocumentOptions): SyncedDocument {
  const kind = parseDocumentName(name).kind
  const mayWrite = !serverWritten[kind]
  let tracker = createSaveTracker()
  let timer: ReturnType<typeof setTimeout> | undefined
  let rejoin: ReturnType<typeof setTimeout> | undefined
  /** Everything this browser held when it joined has arrived, so a mark speaks for all of it. */
  let level = false

  let provider = join(new Y.Doc())
  const state = createStore<DocumentState>({ status: 'joining', access: 'read', doc: provider.document, awareness: provider.awareness })
  provider.attach()

  function patch(change: Partial<DocumentState>) {
    const before = state.get()
    const next = { ...before, ...change }
    if ((Object.keys(next) as (keyof DocumentState)[]).some((key) => next[key] !== before[key])) state.set(next)
    onChange()
  }

  function join(doc: Y.Doc) {
    const joined = new HocuspocusProvider({
      name,
      document: doc,
      websocketProvider: socket,
      token: '',
      // Presence lives on the project's document alone.
      ...(kind !== 'project' && { awareness: null }),
      onAuthenticated: ({ scope }) => patch({ access: mayWrite && scope === 'read-write' ? 'write' : 'read' }),
      onAuthenticationFailed: ({ reason }) => refused(reason),
      onSynced: () => {
        patch({ status: 'ready' })
        settle()
      },
      onUnsyncedChanges: settle,
      onStateless: ({ payload }) => heard(payload),
      onClose: ({ event }) => {
        // A close of this document alone; when the socket itself goes, `lost` is called.
        if (event.code === 1000 && socket.status === WebSocketStatus.Connected) refused(event.reason)
      },
    })
    if (mayWrite) {
      doc.on('update', (_update: Uint8Array, origin: unknown) => {
        if (origin === joined) return
        tracker.edited()
        mark()
        onChange()
      })
    }
    return joined
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
      onChange()
    }
    if (message?.type === 'access') {
      if (message.access === 'read') dropRefused()
      patch({ access: mayWrite ? message.access : 'read' })
    }
  }

  /** Edits that will never be accepted would stay visible here for good: begin again from the server's state. */
  function dropRefused() {
    if (!mayWrite || tracker.unsaved() === 0) return
    const old = provider
    tracker = createSaveTracker()
    level = false
    old.destroy()
    provider = join(new Y.Doc())
    patch({ status: 'joining', doc: provider.document, awareness: provider.awareness })
    provider.attach()
    old.document.destroy()
  }

  function refused(reason: string) {
    const final = finalReasons[reason]
    level = false
    tracker.disconnected()
    if (final === 'signed-out') return onSignedOut()
    if (final) return patch({ status: final, access: 'read' })
    clearTimeout(rejoin)
    rejoin = setTimeout(() => {
      if (socket.status === WebSocketStatus.Connected) void provider.onOpen(new Event('open'))
    }, rejoinAfterMs)
  }

  return {
    state,
    unsaved: () => tracker.unsaved(),
    lost() {
      level = false
      tracker.disconnected()
    },
    destroy() {
      clearTimeout(timer)
      clearTimeout(rejoin)
      provider.destroy()
      provider.document.destroy()
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
