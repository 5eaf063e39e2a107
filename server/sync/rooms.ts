import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { type DocumentKind, documentKinds } from '#shared/wire/document-kinds.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Hold, Leases } from '../rooms/port.ts'
import { createCompaction } from './compaction.ts'
import { announceDurable, createEntry, type Entry } from './entry.ts'
import type { Forgotten } from './forget.ts'
import type { Context, GuardedHocuspocus, SyncDocument } from './hocuspocus.ts'
import { loadDocument } from './load.ts'
import { createLoadHooks, type LoadHook } from './load-hooks.ts'
import { createTurns } from './turns.ts'

export type Rooms = {
  readonly stopping: boolean
  entry(document: SyncDocument): Entry | undefined
  entries(): Entry[]
  /** Somebody is about to open it. */
  expect(text: string): void
  onLoad(kind: DocumentKind, level: LoadHook): void
  /** @throws whatever kept it from being loaded */
  load(document: SyncDocument, name: DocumentName, projectId: ProjectId): Promise<void>
  mayUnload(document: SyncDocument): boolean
  unloaded(text: string): void
  /** Takes it out of memory without saving what is left: it is deleted, or another's. Resolves when nothing of it is being written. */
  drop(entry: Entry): Promise<void>
  /** Does not give the room back while the work goes on. @throws AppError when it is another process's, or gone */
  keep<T>(projectId: ProjectId, work: (forget: ForgetBefore) => Promise<T>): Promise<T>
  /** Runs when the document is neither being loaded nor losing its history, and keeps it from both meanwhile. */
  alone<T>(text: string, work: () => Promise<T>): Promise<T>
  /** Gives a room back whose project is deleted. */
  leave(projectId: ProjectId): Promise<void>
  /** Saves everything, as far as `withinMs` allows. */
  stop(withinMs: number): Promise<void>
}

/** Ends the history of a document before a moment, open or not. @throws AppError when the room is lost meanwhile */
type ForgetBefore = (text: string, before: number) => Promise<Forgotten>

type Deps = {
  database: Database
  clock: Clock
  log: Logger
  leases: Leases
  lingerMs: number
  hocuspocus: () => GuardedHocuspocus
  /** Something became durable; `tookMs` after its oldest part was accepted. */
  onSaved(tookMs: number): void
}

/** The documents in memory: loading, saving, and letting go. */
export function createRooms({ database, clock, log, leases, lingerMs, hocuspocus, onSaved }: Deps): Rooms {
  const loaded = new Map<string, Entry>()
  const expected = new Map<string, number>()
  const loadHooks = createLoadHooks()
  const compaction = createCompaction({ database, clock, log })
  const alone = createTurns()
  let stopping = false

  const onDurable = (entry: Entry, tookMs: number) => {
    onSaved(tookMs)
    announceDurable(entry)
    compaction.snapshotWhenDue(entry)
  }

  const forget = (entry: Entry) => {
    clearTimeout(entry.announcing)
    if (loaded.get(entry.text) === entry) loaded.delete(entry.text)
    entry.hold.release()
    return entry.log.abandon()
  }

  const drop = (entry: Entry) => {
    // A snapshot under way would be written into what is there next under this name.
    const written = Promise.all([forget(entry), entry.compacting]).then(() => undefined)
    const server = hocuspocus()
    for (const connection of entry.document.getConnections()) {
      connection.close(closeCodes.stopping)
      ;(connection.context as Context).socket?.close(closeCodes.stopping)
    }
    if (server.documents.get(entry.text) === entry.document) server.documents.delete(entry.text)
    entry.document.destroy()
    return written
  }

  const release = (entry: Entry) => {
    entry.releasable = true
    return hocuspocus()
      .unloadDocument(entry.document)
      .catch((error: unknown) => log.error({ err: error, document: entry.text }, 'could not unload a document'))
      .finally(() => (entry.releasable = false))
  }

  const sweep = setInterval(() => {
    const now = performance.now()
    for (const [text, at] of expected) if (now - at > lingerMs) expected.delete(text)
    for (const entry of loaded.values()) {
      if (entry.document.getConnectionsCount() > 0) entry.usedAt = now
      else if (entry.log.clean && !entry.compacting && now - entry.usedAt > lingerMs && !expected.has(entry.text)) void release(entry)
    }
  }, 1_000)
  sweep.unref()

  leases.onLost((projectId) => {
    for (const entry of loaded.values()) if (entry.projectId === projectId) void drop(entry)
  })

  return {
    get stopping() {
      return stopping
    },
    entry: (document) => {
      const entry = loaded.get(document.name)
      return entry?.document === document ? entry : undefined
    },
    entries: () => [...loaded.values()],
    expect: (text) => void expected.set(text, performance.now()),
    onLoad: loadHooks.add,
    async load(document, name, projectId) {
      let entry: Entry | undefined
      let hold: Hold | undefined
      try {
        entry = await alone(document.name, async () => {
          hold = await leases.hold(projectId)
          // Of two values for one key Yjs takes that of the higher client id: a value that a crashed process lost, and a browser still has, gives way.
          if (documentKinds[name.kind].writtenBy === 'server') document.clientID = hold.lease.epoch
          const from = await loadDocument(database, document.name, document)
          const made = createEntry({ database, clock, log }, { document, projectId, hold, from, onDurable, onDeposed: leases.deposed })
          loaded.set(document.name, made)
          return made
        })
        await loadHooks.run(entry, name)
        compaction.snapshotWhenDue(entry)
      } catch (error) {
        if (entry) void forget(entry)
        hold?.release()
        throw error
      }
    },
    mayUnload: (document) => loaded.get(document.name)?.releasable === true,
    unloaded(text) {
      const entry = loaded.get(text)
      if (!entry || hocuspocus().documents.get(text) === entry.document) return
      void forget(entry)
    },
    drop,
    alone,
    async keep(projectId, work) {
      const hold = await leases.tryHold(projectId)
      if (!hold) throw new AppError('unavailable', 'Another server process has this room.')
      try {
        return await work((text, before) => alone(text, () => compaction.forgetBefore(hold.lease, text, before, loaded.get(text))))
      } finally {
        hold.release()
      }
    },
    leave: (projectId) => leases.leave(projectId),
    async stop(withinMs) {
      if (stopping) return
      stopping = true
      compaction.refuse()
      clearInterval(sweep)
      if (!(await saveAll([...loaded.values()], withinMs))) log.error('some updates could not be saved before the server stopped')
      for (const entry of loaded.values()) void drop(entry)
      await compaction.stop()
    },
  }
}

/** @returns whether all of it was durable in time, or is another's */
async function saveAll(entries: readonly Entry[], withinMs: number): Promise<boolean> {
  const saved = entries.map(({ log }) => {
    log.flushNow()
    return log.flushed().catch(() => undefined)
  })
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), withinMs).unref())
  return (await Promise.race([Promise.all(saved), late])) !== 'late'
}
