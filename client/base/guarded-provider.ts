import { HocuspocusProvider, type HocuspocusProviderConfiguration } from '@hocuspocus/provider'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import * as Y from 'yjs'

/** A provider that asks, before it answers what the server holds, whether this document may be joined to it. */
export class GuardedProvider extends HocuspocusProvider {
  private readonly mayJoin: (server: Uint8Array) => boolean
  constructor(configuration: HocuspocusProviderConfiguration, mayJoin: (server: Uint8Array) => boolean) {
    super(configuration)
    this.mayJoin = mayJoin
  }
  override onMessage(event: MessageEvent) {
    const vector = serverVector(event.data as ArrayBuffer)
    if (vector === undefined || this.mayJoin(vector)) super.onMessage(event)
  }
}

/** The state vector in a first sync step, or undefined for any other message. */
function serverVector(data: ArrayBuffer): Uint8Array | undefined {
  const decoder = createDecoder(new Uint8Array(data))
  readVarString(decoder)
  if (readVarUint(decoder) !== 0 || readVarUint(decoder) !== 0) return undefined
  return readVarUint8Array(decoder)
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
