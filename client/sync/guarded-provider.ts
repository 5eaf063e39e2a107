import { HocuspocusProvider, type HocuspocusProviderConfiguration } from '@hocuspocus/provider'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'

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
