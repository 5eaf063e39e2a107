import { WebSocketStatus, type HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import * as Y from 'yjs'
import { maxUpdateBytes } from '#shared/wire/bounds.ts'
import { documentKinds } from '#shared/wire/document-kinds.ts'
import { parseDocumentName } from '#shared/wire/document-names.ts'
import type { ServerStateless } from '#shared/wire/stateless.ts'
import { keepDocument, unmergedEditOf, type DocumentKeeper } from '../offline/keep-document.ts'
import type { UnmergedEdit, OfflineStore } from '../offline/offline-store.ts'
import { createStore, type Store } from '../ui/store.ts'
import { afterEvent, finalOf, type DocumentEvent, type DocumentState } from './document-state.ts'
import type { GuardedProvider } from './guarded-provider.ts'
import { joinDocument } from './join-document.ts'
import { fitOf } from './join-rules.ts'
import { createMarks } from './marks.ts'

export type SyncedDocumentOptions = {
  name: string
  socket: HocuspocusProviderWebsocket
  /** Where documents are kept in this browser; without it nothing outlives the page. */
  offlineStore?: Promise<OfflineStore | undefined>
  /** Something that decides the saved state changed. */
  onChange(): void
  /** Edits made here will never be accepted; they are gone from the document. */
  onRefused?(edits: number): void
  /** Edits that cannot be joined to the server's document: they are kept as unmerged edits. */
  onUnmerged(edit: UnmergedEdit): void
  onSignedOut(): void
}

const rejoinAfterMs = 1500

/** One document on the tab's socket: joins, stays level, and knows which of this browser's edits are durable. */
export class SyncedDocument {
  readonly state: Store<DocumentState>
  readonly #options: SyncedDocumentOptions
  readonly #kind: ReturnType<typeof parseDocumentName>['kind']
  /** Whether people write documents of this kind at all. */
  readonly #writable: boolean
  readonly #keeper: DocumentKeeper | undefined
  readonly #marks = createMarks((mark) => this.#provider.sendStateless(JSON.stringify({ type: 'mark', mark })))
  #provider: GuardedProvider
  #rejoin: ReturnType<typeof setTimeout> | undefined
  /** An edit was made that is larger than the server takes. The document goes back at the end of this turn. */
  #large = false
  #over = false

  constructor(options: SyncedDocumentOptions) {
    const { name, offlineStore } = options
    this.#options = options
    this.#kind = parseDocumentName(name).kind
    this.#writable = documentKinds[this.#kind].writtenBy === 'people'
    this.#keeper = offlineStore && keepDocument(name, offlineStore, () => this.#keepable())
    this.#provider = this.#join()
    const { document: doc, awareness } = this.#provider
    this.state = createStore<DocumentState>({ status: 'joining', access: 'read', doc, awareness })
    if (this.#keeper) void this.#restore(this.#keeper)
    else this.#provider.attach()
  }

  unsaved(): number {
    return this.#marks.unsaved()
  }

  /** Edits that a reload would lose: neither durable on the server nor kept here. */
  atRisk(): number {
    return Math.min(this.#keeper?.atRisk() ?? Infinity, this.unsaved())
  }

  /** The page may be left now: keep what there is. */
  keepNow(): void {
    this.#keeper?.flush()
  }

  /** The socket went away. From now on a reload has nothing but what is kept. */
  lost(): void {
    this.keepNow()
    this.#marks.lost()
  }

  destroy(): void {
    this.#over = true
    this.keepNow()
    this.#marks.stop()
    clearTimeout(this.#rejoin)
    this.#provider.destroy()
    this.#provider.document.destroy()
    this.state.get().doc.destroy()
  }

  /** What may be kept: only a document that was level with the server, and that this person may see. */
  #keepable() {
    const { status, doc, access } = this.state.get()
    return status === 'ready' ? { doc, access } : undefined
  }

  #happened(event: DocumentEvent) {
    this.state.set(afterEvent(this.state.get(), event))
    this.#options.onChange()
  }

  async #restore(keeper: DocumentKeeper) {
    const found = await keeper.restore(this.#provider.document, this.#provider)
    if (this.#over) return
    if (found) {
      this.#marks.edited(found.waiting)
      this.#happened({ type: 'restored', access: this.#allowed(found.access) })
    }
    this.#provider.attach()
  }

  /** Joins with an empty document. */
  #join(): GuardedProvider {
    const { name, socket } = this.#options
    const doc = new Y.Doc()
    const isCurrent = () => joined === this.#provider
    const joined = joinDocument(name, socket, doc, {
      onAccess: (access) => this.#onAccess(access),
      onRefused: (reason) => this.#onRefused(reason),
      onSynced: () => this.#onSynced({ doc, awareness: joined.awareness }),
      onTaken: () => this.#onTaken(),
      onMessage: (message) => this.#onMessage(message),
      onReceived: (update) => this.#keeper?.received(update),
      onEdited: (update) => this.#onEdited(update, isCurrent()),
      mayJoin: (server) => isCurrent() && this.#mayJoin(server),
      maySend: (update) => this.#maySend(update),
    })
    return joined
  }

  #allowed(access: 'read' | 'write') {
    return this.#writable ? access : 'read'
  }

  #onAccess(access: 'read' | 'write') {
    if (access === 'read') this.#dropRefused()
    this.#happened({ type: 'access', access: this.#allowed(access) })
  }

  #onSynced(joined: Pick<DocumentState, 'doc' | 'awareness'>) {
    const before = this.state.get().doc
    this.#happened({ type: 'synced', joined })
    if (before !== joined.doc) before.destroy()
    this.#keeper?.touch()
    // The state is stored now; edits from here on are stored one by one, beside it.
    if (this.#writable) this.keepNow()
    this.#onTaken()
  }

  /** After joining, the server asks for what it lacks; once that was taken in, marks may be sent. */
  #onTaken() {
    if (this.#provider.isSynced && this.#provider.unsyncedChanges === 0) this.#marks.arrived()
  }

  #onEdited(update: Uint8Array, current: boolean) {
    this.#keeper?.touch()
    if (!this.#writable || !current || this.#large) return
    this.#marks.edited()
    this.#keeper?.edited(update)
    this.#options.onChange()
  }

  #onMessage(message: ServerStateless) {
    if (message.type === 'marked') {
      this.#marks.answered(message.mark)
      this.#keeper?.settled(this.unsaved())
      this.#options.onChange()
    }
    if (message.type === 'access') this.#onAccess(message.access)
    if (message.type === 'refused') this.#dropRefused(message.code === 'too_large')
  }

  #onRefused(reason: string) {
    const final = finalOf(reason)
    this.#marks.lost()
    if (final === 'signed-out') return this.#options.onSignedOut()
    if (final) {
      this.#keeper?.forget()
      return this.#happened({ type: 'shut', as: final })
    }
    clearTimeout(this.#rejoin)
    this.#rejoin = setTimeout(() => {
      if (this.#options.socket.status === WebSocketStatus.Connected) void this.#provider.onOpen(new Event('open'))
    }, rejoinAfterMs)
  }

  /** Nothing goes to the server, or is kept for it, that it refuses each time it comes. */
  #maySend(update: Uint8Array): boolean {
    if (!this.#large && update.length > maxUpdateBytes) {
      this.#large = true
      // Whoever made the edit is still at it.
      queueMicrotask(() => this.#large && !this.#over && this.#beginAgain(true))
    }
    return !this.#large
  }

  /** The server said what it holds. What cannot become level with it is begun again from the server's state. */
  #mayJoin(server: Uint8Array): boolean {
    const { access, doc: shown } = this.state.get()
    const fit = fitOf({ access, shown, joining: this.#provider.document, known: this.#keeper?.vector }, server)
    if (fit !== 'fits') this.#beginAgain(fit === 'too-large')
    else if (this.#keeper) this.#keeper.vector = server
    return fit === 'fits'
  }

  /** Edits that will never be accepted would stay visible here for good. */
  #dropRefused(tooLarge = false) {
    if (this.#writable && this.unsaved() > 0) this.#beginAgain(tooLarge)
  }

  /** Joins with an empty document, and takes back the refused edits: those of a file, and those that are too large, are kept as unmerged. */
  #beginAgain(tooLarge: boolean) {
    const { doc } = this.state.get()
    const one = this.#large
    const edits = one ? 1 : this.unsaved()
    const standAside = edits > 0 && (this.#kind === 'file' || tooLarge)
    this.#marks.beginAgain()
    this.#large = false
    const put = standAside ? this.#keepUnmerged(doc, edits, one || (tooLarge && this.#kind !== 'file'), one) : this.#keeper?.forget()
    this.#provider.destroy()
    this.#provider = this.#join()
    if (tooLarge) this.#provider.waitForSignIn()
    const { document, awareness } = this.#provider
    this.#happened({ type: 'begun-again', joined: { doc: document, awareness }, refused: edits > 0 })
    // The edits before one that is too large are kept, and wait on.
    if (one && this.#keeper) void put?.then(() => this.#keeper && this.#restore(this.#keeper))
    else this.#provider.attach()
    if (edits === 0) return
    doc.destroy()
    if (!standAside) this.#options.onRefused?.(edits)
  }

  /** Without a store in this browser they last as long as the page. With `stay` only the last edit is taken back. */
  async #keepUnmerged(doc: Y.Doc, edits: number, large: boolean, stay: boolean) {
    const { name, onUnmerged } = this.#options
    onUnmerged(this.#keeper ? await this.#keeper.keepUnmerged(doc, edits, large, stay) : unmergedEditOf(name, doc, edits, large))
  }
}
