import { isDeepStrictEqual } from 'node:util'
import { and, eq } from 'drizzle-orm'
import type * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, TerminalId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { Author } from '#shared/sessions/items.ts'
import { projectTerminals } from '#shared/terminals/doc.ts'
import { terminalLimits, type NewTerminal, type Terminal, type TerminalSize } from '#shared/terminals/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes, Terminal as Pty } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import type { WebSocket } from 'ws'
import { createShell, type Shell } from './shell.ts'
import { terminals as table } from './table.ts'

type Deps = { database: Database; documents: Documents; sandboxes: Pick<Sandboxes, 'get' | 'isolation'>; clock: Clock; log: Logger }

type Entry = { projectId: ProjectId; state: Terminal; shell: Shell }

const defaultSize: TerminalSize = { cols: 100, rows: 30 }

export type Terminals = ReturnType<typeof createTerminals>

/** The terminals of rooms: shells in the sandbox that everybody sees and every editor may type into. */
export function createTerminals({ database, documents, sandboxes, clock, log }: Deps) {
  const { db } = database
  const entries = new Map<string, Entry>()
  const keyOf = (projectId: ProjectId, id: TerminalId) => `${projectId}/${id}`
  const rowOf = (projectId: ProjectId, id: TerminalId) => and(eq(table.projectId, projectId), eq(table.id, id))
  /** Whether what runs in a sandbox goes on when a server ends. */
  const outlived = sandboxes.isolation === 'cloud'
  let stopping = false
  const of = (projectId: ProjectId) => [...entries.values()].filter((entry) => entry.projectId === projectId)

  /** @throws AppError `not_found` */
  function find(projectId: ProjectId, id: TerminalId): Entry {
    const entry = entries.get(keyOf(projectId, id))
    if (!entry) throw new AppError('not_found', 'This terminal does not exist.')
    return entry
  }

  function bring(projectId: ProjectId, doc: Y.Doc): void {
    const shown = projectTerminals(doc)
    const now = of(projectId)
    for (const id of shown.keys()) if (!now.some(({ state }) => state.id === id)) shown.delete(id)
    for (const { state } of now) if (!isDeepStrictEqual(shown.get(state.id), state)) shown.set(state.id, state)
  }
  documents.onLoad('project', async (name, doc) => {
    const { projectId } = name
    const failed = (error: unknown) => log.warn({ err: error, projectId }, 'terminals were not taken up again')
    const taken = level(projectId)
    if (!outlived) {
      await taken.catch(failed)
      bring(projectId, doc)
    } else {
      // Who comes in does not wait for a machine far away; until it answers, what was shown last is shown.
      void taken.then(() => documents.write(name, (now) => bring(projectId, now))).catch(failed)
    }
  })
  function show(projectId: ProjectId, id: TerminalId): void {
    const name = { kind: 'project', projectId } as const
    if (!documents.isLoaded(name)) return
    documents
      .write(name, (doc) => {
        const state = entries.get(keyOf(projectId, id))?.state
        if (state) projectTerminals(doc).set(id, state)
        else projectTerminals(doc).delete(id)
      })
      .catch((error: unknown) => log.warn({ err: error, projectId }, 'a terminal was not shown'))
  }
  function change(entry: Entry, next: Partial<Terminal>): void {
    entry.state = { ...entry.state, ...next }
    show(entry.projectId, entry.state.id)
  }

  /** Follows a shell until it has ended. */
  function follow(entry: Entry, pty: Pty): void {
    const { id } = entry.state
    entry.shell.attach(pty)
    void pty.exit
      .then(async ({ exitCode, lost }) => {
        if (stopping || entries.get(keyOf(entry.projectId, id)) !== entry) return
        const code = lost ? null : exitCode
        // First: whoever sees that it has ended may begin it anew.
        await db.delete(table).where(rowOf(entry.projectId, id))
        change(entry, { status: 'ended', exitCode: code })
        entry.shell.ended(code)
      })
      .catch((error: unknown) => log.warn({ err: error }, 'the end of a terminal was not stored'))
  }

  function add(projectId: ProjectId, state: Terminal): Entry {
    const entry: Entry = { projectId, state, shell: createShell(state) }
    entries.set(keyOf(projectId, state.id), entry)
    return entry
  }

  /** Terminals that a server before this one had opened; those that ended with it say so until they are closed. */
  async function takeUp(projectId: ProjectId): Promise<void> {
    const rows = await db.select().from(table).where(eq(table.projectId, projectId))
    if (rows.length === 0) return
    const sandbox = outlived ? await sandboxes.get(projectId) : undefined
    for (const row of rows) {
      if (entries.has(keyOf(projectId, row.id))) continue
      const { id, title, createdBy, cols, rows: height, createdAt, pid } = row
      const entry = add(projectId, { id, title, createdBy, cols, rows: height, createdAt, status: 'running', exitCode: null, typist: null })
      try {
        if (sandbox?.id !== row.sandboxId) throw new AppError('not_found', 'Its sandbox is gone.')
        follow(entry, await sandbox.terminals.connect(pid, { onData: entry.shell.onData }))
        show(projectId, id)
      } catch (error) {
        if (!(error instanceof AppError)) log.warn({ err: error, projectId }, 'a terminal was not taken up again')
        await db.delete(table).where(rowOf(projectId, id))
        entry.shell.fail(error)
        change(entry, { status: 'ended' })
      }
    }
  }
  const taking = new Map<ProjectId, Promise<void>>()
  const level = (projectId: ProjectId): Promise<void> => {
    const known = taking.get(projectId)
    if (known) return known
    const mine = takeUp(projectId).catch((error: unknown) => {
      taking.delete(projectId)
      throw error
    })
    taking.set(projectId, mine)
    return mine
  }

  /**
   * Opens a shell; the one that has this id already is the answer of a retry.
   * @throws AppError `conflict` when there are as many as there may be
   */
  async function open(projectId: ProjectId, by: Author, given: NewTerminal): Promise<Terminal> {
    await level(projectId)
    if (given.id && entries.has(keyOf(projectId, given.id))) return find(projectId, given.id).state
    const mine = of(projectId)
    const running = mine.filter(({ state }) => state.status === 'running')
    if (running.length >= terminalLimits.perProject)
      throw new AppError('conflict', `A room can have up to ${terminalLimits.perProject} terminals. Close one first.`)
    const now = clock.now()
    const size = { cols: given.cols ?? defaultSize.cols, rows: given.rows ?? defaultSize.rows }
    const taken = new Set(mine.map(({ state }) => state.title))
    let number = 1
    while (taken.has(`Terminal ${number}`)) number += 1
    const entry = add(projectId, {
      id: given.id ?? newId<TerminalId>('ter', now),
      // A name that somebody chose as its id is its title.
      title: given.title ?? (given.id && !given.id.startsWith('ter_') ? given.id : `Terminal ${number}`),
      createdBy: by,
      createdAt: now,
      ...size,
      status: 'running',
      exitCode: null,
      typist: null,
    })
    if (given.typed) entry.shell.prepare(given.typed)
    await begin(entry, given.cwd).catch((error: unknown) => {
      entries.delete(keyOf(projectId, entry.state.id))
      show(projectId, entry.state.id)
      throw error
    })
    show(projectId, entry.state.id)
    return entry.state
  }

  async function begin(entry: Entry, cwd?: FolderPath): Promise<void> {
    const { projectId, state, shell } = entry
    const { id, title, createdBy, cols, rows, createdAt } = state
    try {
      const sandbox = await sandboxes.get(projectId)
      const pty = await sandbox.terminals.open({ cols, rows, ...(cwd && { cwd }), onData: shell.onData })
      await db.insert(table).values({ id, projectId, sandboxId: sandbox.id, pid: pty.pid, title, createdBy, cols, rows, createdAt })
      follow(entry, pty)
    } catch (error) {
      shell.fail(error)
      throw error
    }
  }

  /** One that was lost with its sandbox begins anew when an editor comes back to it: another shell, in the same place. */
  async function beginAgain(entry: Entry): Promise<void> {
    change(entry, { status: 'running', exitCode: null, typist: null, renewed: true })
    entry.shell.renew()
    await begin(entry).catch((error: unknown) => {
      change(entry, { status: 'ended', renewed: false })
      throw error
    })
  }

  return {
    open,

    async list(projectId: ProjectId): Promise<Terminal[]> {
      await level(projectId)
      return of(projectId)
        .map(({ state }) => state)
        .sort((a, b) => a.createdAt - b.createdAt)
    },

    async rename(projectId: ProjectId, id: TerminalId, title: string): Promise<Terminal> {
      await level(projectId)
      const entry = find(projectId, id)
      await db.update(table).set({ title }).where(rowOf(projectId, id))
      change(entry, { title })
      return entry.state
    },

    /** Ends it and takes it from the list. */
    async close(projectId: ProjectId, id: TerminalId): Promise<void> {
      await level(projectId)
      const entry = find(projectId, id)
      entries.delete(keyOf(projectId, id))
      show(projectId, id)
      entry.shell.ended(entry.state.exitCode)
      if (entry.state.status === 'running') await entry.shell.kill()
      await db.delete(table).where(rowOf(projectId, id))
    },

    /** What stands in it, as text. */
    async text(projectId: ProjectId, id: TerminalId, lines: number): Promise<{ text: string; lines: number }> {
      await level(projectId)
      return find(projectId, id).shell.text(lines)
    },

    /** For a socket. Opened by `by` when it is not there, and anew when its sandbox took it along. @throws AppError `not_found` without `by` */
    async shellOf(projectId: ProjectId, id: TerminalId, by: Author | undefined): Promise<Shell> {
      await level(projectId)
      const known = entries.get(keyOf(projectId, id))
      if (by && !known) await open(projectId, by, { id })
      if (by && known?.state.status === 'ended' && known.state.exitCode === null) await beginAgain(known)
      return find(projectId, id).shell
    },

    /** Somebody types: the size becomes theirs, and everybody sees who it is. @throws AppError `conflict` when it has ended */
    async type(
      projectId: ProjectId,
      id: TerminalId,
      by: Author,
      data: string | Uint8Array,
      how: { size?: TerminalSize | undefined; from?: WebSocket } = {},
    ): Promise<void> {
      const { size, from } = how
      const entry = find(projectId, id)
      if (entry.state.status === 'ended') throw new AppError('conflict', 'This terminal has ended.')
      if (entry.state.typist?.id !== by.id) change(entry, { typist: by })
      if (size && entry.shell.resize(size)) change(entry, size)
      entry.shell.typedBy(from)
      await entry.shell.type(data)
    },

    /** A screen answers a program. Taken from one of those who watch, so that the program has one answer. */
    async answer(projectId: ProjectId, id: TerminalId, from: WebSocket, data: string): Promise<void> {
      const { shell } = find(projectId, id)
      if (shell.isAnswerer(from)) await shell.type(data)
    },

    /** Somebody has another name now: who opened a terminal and who types into it is said with that. */
    renamed(userId: UserId, name: string): void {
      const asNow = <A extends Author | null>(who: A): A => (who?.kind === 'user' && who.id === userId ? { ...who, name } : who)
      for (const entry of entries.values()) {
        const { createdBy, typist } = entry.state
        const next = { createdBy: asNow(createdBy), typist: asNow(typist) }
        if (next.createdBy !== createdBy || next.typist !== typist) change(entry, next)
      }
    },

    /** With the project. */
    async removeProject(projectId: ProjectId): Promise<void> {
      for (const { state } of of(projectId)) entries.delete(keyOf(projectId, state.id))
      taking.delete(projectId)
    },

    /** The shells go on where their sandbox does. */
    async stop(): Promise<void> {
      stopping = true
      await Promise.allSettled([...entries.values()].map(({ shell }) => shell.disconnect()))
    },
  }
}
