import { HocuspocusProvider, type HocuspocusProviderConfiguration } from '@hocuspocus/provider'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import * as Y from 'yjs'

const syncMessage = 0
const syncReply = 4
/** The server answers every sign-in: this only bounds the wait. */
const answeredWithinMs = 5_000

/**
 * A provider that asks, before it answers what the server holds, whether this document may be joined to it, and before it sends
 * an edit whether that may be sent.
 */
export class GuardedProvider extends HocuspocusProvider {
  private readonly mayJoin: (server: Uint8Array) => boolean
  private readonly maySend: (update: Uint8Array) => boolean
  /**
   * Until then nothing is taken before its own sign-in is answered: what comes is for the one that had this document before, whose
   * edits the server had refused. ms of `performance.now()`.
   */
  private deafUntil = 0
  /** Whether something was not taken, which has to be asked for again. */
  private missed = false
  constructor(configuration: HocuspocusProviderConfiguration, mayJoin: (server: Uint8Array) => boolean, maySend: (update: Uint8Array) => boolean) {
    super(configuration)
    this.mayJoin = mayJoin
    this.maySend = maySend
  }
  waitForSignIn() {
    this.deafUntil = performance.now() + answeredWithinMs
  }
  override authenticatedHandler(scope: string) {
    super.authenticatedHandler(scope)
    if (!this.missed) return
    this.missed = false
    this.forceSync()
  }
  override documentUpdateHandler(update: Uint8Array, origin: unknown) {
    if (origin === this || this.maySend(update)) super.documentUpdateHandler(update, origin)
  }
  override onMessage(event: MessageEvent) {
    const decoder = createDecoder(new Uint8Array(event.data as ArrayBuffer))
    readVarString(decoder)
    const type = readVarUint(decoder)
    if (!this.isAuthenticated && performance.now() < this.deafUntil && (type === syncMessage || type === syncReply)) {
      this.missed = true
      return
    }
    const vector = type === syncMessage && readVarUint(decoder) === 0 ? readVarUint8Array(decoder) : undefined
    if (vector === undefined || this.mayJoin(vector)) super.onMessage(event)
  }
}

/** Whether everything in `doc` is known to the server: nobody looks at what nobody else has. */
export function isWithin(doc: Y.Doc, server: Uint8Array): boolean {
  const theirs = Y.decodeStateVector(server)
  return [...Y.decodeStateVector(Y.encodeStateVector(doc))].every(([client, clock]) => (theirs.get(client) ?? 0) >= clock)
}

/**
 * Whether the server's document is the one that was kept, and not one begun anew under the same name: two histories of one
 * text, put together, would hold it twice.
 */
export function sameHistory(before: Uint8Array | undefined, server: Uint8Array): boolean {
  const known = before ? Y.decodeStateVector(before) : undefined
  const theirs = Y.decodeStateVector(server)
  return !known || known.size === 0 || theirs.size === 0 || [...known.keys()].some((client) => theirs.has(client))
}
