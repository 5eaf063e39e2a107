import { and, eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, TerminalId } from '#shared/base/ids.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandbox, Sandboxes, Terminal as Pty } from '../sandboxes/port.ts'
import type { Entries, Entry } from './entries.ts'
import { terminals as table } from './table.ts'
import { begunAgain, ended, notBegunAgain } from './terminal-rules.ts'

type Deps = { database: Database; sandboxes: Pick<Sandboxes, 'get'>; entries: Entries; outlived: boolean; log: Logger }

/**
 * The shells of terminals in their sandboxes. One that runs has a row, by which the next server finds it.
 * @param outlived whether what runs in a sandbox goes on when a server ends
 */
export function createRunning({ database, sandboxes, entries, outlived, log }: Deps) {
  const { db } = database
  const taking = new Map<ProjectId, Promise<void>>()
  let stopping = false
  const rowOf = (projectId: ProjectId, id: TerminalId) => and(eq(table.projectId, projectId), eq(table.id, id))

  async function forget(projectId: ProjectId, id: TerminalId): Promise<void> {
    await db.delete(table).where(rowOf(projectId, id))
  }

  /** Follows a shell until it has ended. */
  function follow(entry: Entry, pty: Pty): void {
    const { projectId, state, shell } = entry
    shell.attach(pty)
    void pty.exit
      .then(async ({ exitCode, lost }) => {
        if (stopping || entries.get(projectId, state.id) !== entry) return
        const code = lost ? null : exitCode
        // First: whoever sees that it has ended may begin it anew.
        await forget(projectId, state.id)
        entries.change(entry, ended(entry.state, code))
        shell.ended(code)
      })
      .catch((error: unknown) => log.warn({ err: error }, 'the end of a terminal was not stored'))
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

  async function connect(entry: Entry, { sandboxId, pid }: typeof table.$inferSelect, sandbox: Sandbox | undefined): Promise<void> {
    const { projectId, state, shell } = entry
    try {
      if (sandbox?.id !== sandboxId) throw new AppError('not_found', 'Its sandbox is gone.')
      follow(entry, await sandbox.terminals.connect(pid, { onData: shell.onData }))
      entries.show(projectId, state.id)
    } catch (error) {
      if (!(error instanceof AppError)) log.warn({ err: error, projectId }, 'a terminal was not taken up again')
      await forget(projectId, state.id)
      shell.fail(error)
      entries.change(entry, ended(entry.state, null))
    }
  }

  async function takeUp(projectId: ProjectId): Promise<void> {
    const rows = await db.select().from(table).where(eq(table.projectId, projectId))
    if (rows.length === 0) return
    const sandbox = outlived ? await sandboxes.get(projectId) : undefined
    for (const row of rows) {
      if (entries.get(projectId, row.id)) continue
      const { id, title, createdBy, cols, rows: height, createdAt } = row
      const state = { id, title, createdBy, cols, rows: height, createdAt, status: 'running', exitCode: null, typist: null } as const
      await connect(entries.add(projectId, state), row, sandbox)
    }
  }

  return {
    begin,
    forget,

    /** Terminals that a server before this one had opened, once; those that ended with it say so until they are closed. */
    level(projectId: ProjectId): Promise<void> {
      const known = taking.get(projectId)
      if (known) return known
      const mine = takeUp(projectId).catch((error: unknown) => {
        taking.delete(projectId)
        throw error
      })
      taking.set(projectId, mine)
      return mine
    },

    /** One that was lost with its sandbox begins anew when an editor comes back to it: another shell, in the same place. */
    async beginAgain(entry: Entry): Promise<void> {
      entries.change(entry, begunAgain(entry.state))
      entry.shell.renew()
      await begin(entry).catch((error: unknown) => {
        entries.change(entry, notBegunAgain(entry.state))
        throw error
      })
    },

    async rename(entry: Entry, title: string): Promise<void> {
      await db.update(table).set({ title }).where(rowOf(entry.projectId, entry.state.id))
      entries.change(entry, { ...entry.state, title })
    },

    removeProject: (projectId: ProjectId) => void taking.delete(projectId),

    /** The shells go on where their sandbox does. */
    async stop(): Promise<void> {
      stopping = true
      await Promise.allSettled(entries.all().map(({ shell }) => shell.disconnect()))
    },
  }
}
