import * as decoding from 'lib0/decoding'
import { removeAwarenessStates } from 'y-protocols/awareness'
import type { UserId } from '#shared/base/ids.ts'
import { PresenceState } from '#shared/presence/schema.ts'
import { type DocumentKind, documentKinds } from '#shared/wire/document-kinds.ts'
import type { Person } from '../auth/principal.ts'
import { BadFrame } from './frames.ts'
import type { SyncConnection, SyncDocument } from './hocuspocus.ts'
import { limits } from './limits.ts'

export type AwarenessEntry = { client: number; clock: number; state: unknown }

/** @throws BadFrame */
export function readAwareness(payload: Uint8Array): AwarenessEntry[] {
  try {
    const decoder = decoding.createDecoder(payload)
    const count = decoding.readVarUint(decoder)
    if (count * 3 > payload.length) throw new BadFrame('more states than bytes')
    const entries: AwarenessEntry[] = []
    for (let i = 0; i < count; i++) {
      const client = decoding.readVarUint(decoder)
      const clock = decoding.readVarUint(decoder)
      const json = decoding.readVarString(decoder)
      const state: unknown = JSON.parse(json)
      if (state !== null && (typeof state !== 'object' || Array.isArray(state))) throw new BadFrame('a state is an object or null')
      entries.push({ client, clock, state })
    }
    if (decoding.hasContent(decoder)) throw new BadFrame('bytes are left over')
    return entries
  } catch (error) {
    throw error instanceof BadFrame ? error : new BadFrame('no awareness update')
  }
}

/**
 * A state as others will see it: `user` is whoever holds the connection, whatever was written there. Where people are
 * shown, on the project's document, it is a PresenceState and nothing else; on the others fields that editors of other
 * makers use (a cursor) pass. Undefined for a state that is too large or not valid: what was shown before stays.
 */
export function stampState(kind: DocumentKind, principal: Person, state: object): object | undefined {
  const stamped = { ...state, user: { ...looks(state), id: principal.userId, name: principal.name } }
  if (Buffer.byteLength(JSON.stringify(stamped)) > limits.presenceBytes) return undefined
  if (!documentKinds[kind].showsPeople) return stamped
  const parsed = PresenceState.safeParse(stamped)
  return parsed.success ? parsed.data : undefined
}

/** Colours that editors give their cursors. */
function looks(state: object): object {
  const user: unknown = 'user' in state ? state.user : undefined
  if (typeof user !== 'object' || user === null) return {}
  return Object.fromEntries(
    Object.entries(user).filter(([key, value]) => /^color(Light)?$/.test(key) && typeof value === 'string' && value.length < 40),
  )
}

/** Who may speak for a client id of a document: the person who used it first, through the connection that used it last. */
export type PresenceOwners = {
  /**
   * Sorts what a connection sent: states it may show, stamped; removals of its own are carried out. Entries of others are
   * left out without a word, because Yjs clients repeat what they heard.
   */
  accept(document: SyncDocument, connection: SyncConnection, kind: DocumentKind, principal: Person, entries: AwarenessEntry[]): Map<number, object>
  /** After they were applied: ties them to the connection, so that they go when it goes. */
  settle(document: SyncDocument, connection: SyncConnection, accepted: Map<number, object>): void
}

/** Client ids remembered per document; a client id is chosen at random, so that forgetting the oldest is safe. */
const rememberedClients = 5_000

export function createPresenceOwners(): PresenceOwners {
  const owners = new WeakMap<SyncDocument, Map<number, { userId: UserId; connection: SyncConnection }>>()
  const ofDocument = (document: SyncDocument) => {
    let map = owners.get(document)
    if (!map) owners.set(document, (map = new Map()))
    return map
  }

  return {
    accept(document, connection, kind, principal, entries) {
      const map = ofDocument(document)
      const accepted = new Map<number, object>()
      const mine = document.connections.get(connection)?.clients
      if (!mine) return accepted
      for (const { client, clock, state } of entries) {
        const owner = map.get(client)
        if (owner && owner.userId !== principal.userId) continue
        if (state === null) {
          if (owner?.connection === connection) leave(document, connection, client, clock)
          continue
        }
        if (!mine.has(client) && mine.size + accepted.size >= limits.presenceClients) continue
        const stamped = stampState(kind, principal, state as object)
        if (!stamped) continue
        if (owner && owner.connection !== connection) document.connections.get(owner.connection)?.clients.delete(client)
        map.delete(client)
        map.set(client, { userId: principal.userId, connection })
        accepted.set(client, stamped)
      }
      for (const oldest of map.keys()) {
        if (map.size <= rememberedClients) break
        map.delete(oldest)
      }
      return accepted
    },
    settle(document, connection, accepted) {
      const mine = document.connections.get(connection)?.clients
      if (mine) for (const client of accepted.keys()) mine.add(client)
      else removeAwarenessStates(document.awareness, [...accepted.keys()], null)
    },
  }
}

function leave(document: SyncDocument, connection: SyncConnection, client: number, clock: number): void {
  const meta = document.awareness.meta.get(client)
  if (!meta || clock < meta.clock) return
  meta.clock = clock
  document.connections.get(connection)?.clients.delete(client)
  removeAwarenessStates(document.awareness, [client], null)
}
