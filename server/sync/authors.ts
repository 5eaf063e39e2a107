import { randomInt } from 'node:crypto'
import { eq } from 'drizzle-orm'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { ClientAuthor, FileAuthor } from '#shared/files/state.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { BadFrame } from './frames.ts'
import { inspectUpdate } from './inspect-update.ts'
import { documentAuthors } from './table.ts'

type Entry = { author: FileAuthor; at: number; /** Its owner has written under it since the document was loaded. */ seen: boolean }
type Known = { clients: Map<number, Entry>; relayed: ClientAuthor[]; loadedAt: number; minted: Map<string, Promise<number>> }

/** New client ids in one edit. A browser that comes back with what it wrote offline has a few. */
const maxNewClients = 200

/** Somebody wrote under a client id that is another's. */
export class ForeignAuthor extends Error {}

export type Authors = ReturnType<typeof createAuthors>

/**
 * Whose the Yjs client ids in documents that people write are. The first edit under one takes it, durably, before anybody sees the edit; so
 * what a range says about its writer cannot be forged. One exception: what the server had shown to others but lost in a crash
 * may be sent again by any of them, while its writer has not come back yet. Who sent it is then stored.
 */
export function createAuthors({ database, clock }: { database: Database; clock: Clock }) {
  const documents = new WeakMap<Y.Doc, Promise<Known>>()

  const knownOf = (document: string, doc: Y.Doc) => {
    let known = documents.get(doc)
    if (!known) {
      known = read(document)
      documents.set(doc, known)
      known.catch(() => documents.delete(doc))
    }
    return known
  }

  async function read(document: string): Promise<Known> {
    const known: Known = { clients: new Map(), relayed: [], loadedAt: clock.now(), minted: new Map() }
    for (const row of await database.db.select().from(documentAuthors).where(eq(documentAuthors.document, document))) {
      const { client, author, fromClock, toClock, at } = row
      if (fromClock < 0) known.clients.set(client, { author, at, seen: false })
      else known.relayed.push({ client, author, clocks: { from: fromClock, to: toClock } })
    }
    return known
  }

  const insert = (document: string, projectId: ProjectId, clients: readonly number[], author: FileAuthor, from = -1, to = -1) =>
    database.db
      .insert(documentAuthors)
      .values(clients.map((client) => ({ document, client, fromClock: from, toClock: to, projectId, author, at: clock.now() })))
      .onConflictDoNothing()

  async function take(document: string, projectId: ProjectId, known: Known, clients: readonly number[], author: FileAuthor): Promise<void> {
    if (clients.length === 0) return
    await insert(document, projectId, clients, author)
    // Two may have come at once: the first one has it.
    for (const client of clients) if (!known.clients.has(client)) known.clients.set(client, { author, at: clock.now(), seen: true })
  }

  return {
    /**
     * Before an edit of somebody's is applied. What repeats what the document has already is nobody's.
     * @throws ForeignAuthor, BadFrame
     */
    async admit(document: string, projectId: ProjectId, doc: Y.Doc, update: Uint8Array, author: FileAuthor): Promise<void> {
      const written = new Map<number, { from: number; to: number }>()
      inspectUpdate(update, undefined, (client, clock, length) => {
        const range = written.get(client)
        written.set(client, { from: Math.min(range?.from ?? clock, clock), to: Math.max(range?.to ?? 0, clock + length) })
      })
      if (written.size === 0) return
      // The client id of the server's own writes since this load. The document has all of them, so nobody else can send more.
      if (written.has(doc.clientID) && (written.get(doc.clientID)?.to ?? 0) > Y.getState(doc.store, doc.clientID)) throw new ForeignAuthor()
      const known = await knownOf(document, doc)
      const fresh = [...written.keys()].filter((client) => !known.clients.has(client) && Y.getState(doc.store, client) === 0)
      if (fresh.length > maxNewClients) throw new BadFrame('too many client ids at once')
      await take(document, projectId, known, fresh, author)
      for (const [client, { from, to }] of written) {
        const state = Y.getState(doc.store, client)
        if (to <= state) continue
        const entry = known.clients.get(client)
        // Unknown and yet there: from before authors were kept.
        if (!entry || isSame(entry.author, author)) {
          if (entry) entry.seen = true
          continue
        }
        if (entry.seen || entry.at >= known.loadedAt || entry.author.kind !== 'user') throw new ForeignAuthor()
        const clocks = { from: Math.max(from, state), to }
        await insert(document, projectId, [client], author, clocks.from, clocks.to)
        known.relayed.push({ client, author, clocks })
      }
    },
    /** A client id of the server's own for this author, new with every load of the document. */
    async mint(document: string, projectId: ProjectId, doc: Y.Doc, author: FileAuthor): Promise<number> {
      const known = await knownOf(document, doc)
      const key = JSON.stringify(author)
      let minted = known.minted.get(key)
      if (!minted) {
        const client = randomInt(1, 2 ** 32 - 1)
        minted = take(document, projectId, known, [client], author).then(() => client)
        known.minted.set(key, minted)
        minted.catch(() => known.minted.delete(key))
      }
      return minted
    },
    /** Whose presence a client id may show; undefined when nobody has written under it. */
    async ownerOf(document: string, doc: Y.Doc, client: number): Promise<FileAuthor | undefined> {
      return (await knownOf(document, doc)).clients.get(client)?.author
    },
    async list(document: string): Promise<ClientAuthor[]> {
      const known = await read(document)
      return [...known.relayed, ...[...known.clients].map(([client, { author, at }]) => ({ client, author, at }))]
    },
  }
}

const isSame = (a: FileAuthor, b: FileAuthor) => a.kind === 'user' && b.kind === 'user' && a.id === b.id
