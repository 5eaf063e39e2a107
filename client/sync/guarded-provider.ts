import { HocuspocusProvider, type HocuspocusProviderConfiguration } from '@hocuspocus/provider'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'

const syncMessage = 0
const syncReply = 4
/** The server answers every sign-in: this only bounds the wait. */
const answeredWithinMs = 5_000

/**
 * A provider with two checks: whether this document may be joined to the server's, before it answers the server's state; and whether an
 * edit may be sent, before it sends it.
 */
export class GuardedProvider extends HocuspocusProvider {
  private readonly mayJoin: (server: Uint8Array) => boolean
  private readonly maySend: (update: Uint8Array) => boolean
  /**
   * Until then messages are ignored before the sign-in of this provider is answered: they are for the one before it, whose edits the server
   * refused. ms of `performance.now()`.
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
