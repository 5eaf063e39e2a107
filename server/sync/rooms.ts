import type * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import { type DocumentKind, documentKinds } from '#shared/wire/document-kinds.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Hold, Leases } from '../rooms/port.ts'
import { cleanStored } from './clean-stored.ts'
import { createCompactor } from './compactor.ts'
import { forgetBefore, type Forgotten } from './forget.ts'
import type { Context, GuardedHocuspocus, SyncDocument } from './hocuspocus.ts'
import { logLimits } from './limits.ts'
import { loadDocument } from './load.ts'
import { type DocumentLog, openLog } from './log.ts'
import { compact, snapshotDue } from './snapshots.ts'
import { createTurns } from './turns.ts'

/** A loaded document. */
export type Entry = {
  readonly text: string
  readonly projectId: ProjectId
  readonly document: SyncDocument
  /** Keeps the room here while it is loaded. */
  readonly hold: Hold
  readonly log: DocumentLog
  /** `performance.now()` of its last use by the server or of the last look at its connections. */
  usedAt: number
  /** Set when everything is saved and nobody uses it: only then may it be unloaded. */
  releasable: boolean
  compacting: Promise<void> | undefined
  compactAfter: number
  announcing: NodeJS.Timeout | undefined
}

export type Rooms = {
  readonly stopping: boolean
  entry(document: SyncDocument): Entry | undefined
  entries(): Entry[]
  /** Somebody is about to open it. */
  expect(text: string): void
  onLoad(kind: DocumentKind, level: (name: DocumentName, doc: Y.Doc) => Promise<void>): void
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
  const levels = new Map<DocumentKind, ((name: DocumentName, doc: Y.Doc) => Promise<void>)[]>()
  const compactor = createCompactor()
  const alone = createTurns()
  let stopping = false

  const announce = (entry: Entry) => {
    entry.announcing ??= setTimeout(() => {
      entry.announcing = undefined
      if (!entry.log.lost) entry.document.relayStateless(JSON.stringify({ type: 'durable', seq: entry.log.seq }))
    }, logLimits.announceMs)
  }

  const snapshot = (entry: Entry) => {
    if (entry.compacting || stopping || performance.now() < entry.compactAfter || !snapshotDue(entry.log.since())) return
    const upTo = entry.log.stored()
    entry.compacting = compact({ database, clock, compactor }, entry.hold.lease, entry.text, upTo.seq)
      .then((done) => entry.log.snapshotTaken(done.size, done.rows, done.bytes, upTo))
      .catch((error: unknown) => {
        entry.compactAfter = performance.now() + 30_000
        if (!stopping && !entry.log.lost) log.error({ err: error, document: entry.text }, 'could not write a snapshot')
      })
      .finally(() => (entry.compacting = undefined))
  }

  /** Of an open document a snapshot may be under way; another one does not begin before this is done. */
  const forgetAlone = async ({ lease }: Hold, text: string, before: number): Promise<Forgotten> => {
    const entry = loaded.get(text)
    while (entry?.compacting) await entry.compacting
    if (stopping || entry?.log.lost) throw new AppError('unavailable', 'This document is closed.')
    const forgetting = forgetBefore({ database, clock, compactor }, lease, text, before, (done) =>
      entry?.log.snapshotTaken(done.size, done.rows, done.bytes, 'earlier'),
    )
    if (entry) {
      const over = forgetting.then(
        () => undefined,
        () => undefined,
      )
      entry.compacting = over.finally(() => (entry.compacting = undefined))
    }
    return forgetting
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
    onLoad: (kind, level) => void levels.set(kind, [...(levels.get(kind) ?? []), level]),
    async load(document, name, projectId) {
      let entry: Entry | undefined
      let hold: Hold | undefined
      try {
        entry = await alone(document.name, async () => {
          const held = (hold = await leases.hold(projectId))
          const { lease } = held
          // Of two values for one key Yjs takes that of the higher id: what a browser saw of a life that lost it in a crash gives way.
          if (documentKinds[name.kind].writtenBy === 'server') document.clientID = lease.epoch
          const from = await loadDocument(database, document.name, document)
          const made: Entry = {
            text: document.name,
            projectId,
            document,
            hold: held,
            usedAt: performance.now(),
            releasable: false,
            compacting: undefined,
            compactAfter: 0,
            announcing: undefined,
            log: openLog({
              database,
              clock,
              log,
              lease,
              document: document.name,
              doc: document,
              loaded: from,
              onDurable(_seq, tookMs) {
                onSaved(tookMs)
                announce(made)
                snapshot(made)
              },
              onDeposed: () => leases.deposed(lease),
            }),
          }
          loaded.set(document.name, made)
          return made
        })
        const before = cleanStored(name.kind, document)
        for (const level of levels.get(name.kind) ?? []) await level(name, document)
        // The document of a file that was moved has just been brought along as it was stored.
        const after = cleanStored(name.kind, document)
        if (before || after) {
          // Nobody sees it before that is durable.
          entry.log.flushNow()
          await entry.log.flushed()
        }
        snapshot(entry)
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
        return await work((text, before) => alone(text, () => forgetAlone(hold, text, before)))
      } finally {
        hold.release()
      }
    },
    leave: (projectId) => leases.leave(projectId),
    async stop(withinMs) {
      if (stopping) return
      stopping = true
      clearInterval(sweep)
      const saved = [...loaded.values()].map((entry) => {
        entry.log.flushNow()
        return entry.log.flushed().catch(() => undefined)
      })
      const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), withinMs).unref())
      if ((await Promise.race([Promise.all(saved), late])) === 'late') log.error('some updates could not be saved before the server stopped')
      for (const entry of loaded.values()) void drop(entry)
      await compactor.stop()
    },
  }
}
