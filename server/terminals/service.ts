import type { ProjectId, TerminalId, UserId } from '#shared/base/ids.ts'
import type { Author } from '#shared/sessions/items.ts'
import type { NewTerminal, Terminal, TerminalSize } from '#shared/terminals/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import type { WebSocket } from 'ws'
import { createEntries } from './entries.ts'
import { createRunning } from './running.ts'
import type { Shell } from './shell.ts'
import { isLost, newTerminal, typedBy, withName } from './terminal-rules.ts'

type Deps = { database: Database; documents: Documents; sandboxes: Pick<Sandboxes, 'get' | 'isolation'>; clock: Clock; log: Logger }

export type Terminals = ReturnType<typeof createTerminals>

/** The terminals of rooms: shells in the sandbox that everybody sees and every editor may type into. */
export function createTerminals({ database, documents, sandboxes, clock, log }: Deps) {
  const outlived = sandboxes.isolation === 'cloud'
  const entries = createEntries({ documents, log })
  const running = createRunning({ database, sandboxes, entries, outlived, log })
  const { level } = running

  documents.onLoad('project', async (name, doc) => {
    const { projectId } = name
    const failed = (error: unknown) => log.warn({ err: error, projectId }, 'terminals were not taken up again')
    const taken = level(projectId)
    if (!outlived) {
      await taken.catch(failed)
      entries.bring(projectId, doc)
    } else {
      // Who comes in does not wait for a machine far away; until it answers, what was shown last is shown.
      void taken.then(() => documents.write(name, (now) => entries.bring(projectId, now))).catch(failed)
    }
  })

  /**
   * Opens a shell; the one that has this id already is the answer of a retry.
   * @throws AppError `conflict` when there are as many as there may be
   */
  async function open(projectId: ProjectId, by: Author, given: NewTerminal): Promise<Terminal> {
    await level(projectId)
    const known = given.id && entries.get(projectId, given.id)
    if (known) return known.state
    const others = entries.of(projectId).map(({ state }) => state)
    const entry = entries.add(projectId, newTerminal(given, others, by, clock.now()))
    const { id } = entry.state
    if (given.typed) entry.shell.prepare(given.typed)
    await running.begin(entry, given.cwd).catch((error: unknown) => {
      entries.remove(projectId, id)
      throw error
    })
    entries.show(projectId, id)
    return entry.state
  }

  return {
    open,

    async list(projectId: ProjectId): Promise<Terminal[]> {
      await level(projectId)
      return entries
        .of(projectId)
        .map(({ state }) => state)
        .sort((a, b) => a.createdAt - b.createdAt)
    },

    async rename(projectId: ProjectId, id: TerminalId, title: string): Promise<Terminal> {
      await level(projectId)
      const entry = entries.find(projectId, id)
      await running.rename(entry, title)
      return entry.state
    },

    /** Ends it and takes it from the list. */
    async close(projectId: ProjectId, id: TerminalId): Promise<void> {
      await level(projectId)
      const { state, shell } = entries.find(projectId, id)
      entries.remove(projectId, id)
      shell.ended(state.exitCode)
      if (state.status === 'running') await shell.kill()
      await running.forget(projectId, id)
    },

    /** What stands in it, as text. */
    async text(projectId: ProjectId, id: TerminalId, lines: number): Promise<{ text: string; lines: number }> {
      await level(projectId)
      return entries.find(projectId, id).shell.text(lines)
    },

    /** For a socket. Opened by `by` when it is not there, and anew when its sandbox took it along. @throws AppError `not_found` without `by` */
    async shellOf(projectId: ProjectId, id: TerminalId, by: Author | undefined): Promise<Shell> {
      await level(projectId)
      const known = entries.get(projectId, id)
      if (by && !known) await open(projectId, by, { id })
      if (by && known && isLost(known.state)) await running.beginAgain(known)
      return entries.find(projectId, id).shell
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
      const entry = entries.find(projectId, id)
      entries.change(entry, typedBy(entry.state, by))
      if (size && entry.shell.resize(size)) entries.change(entry, { ...entry.state, ...size })
      entry.shell.typedBy(from)
      await entry.shell.type(data)
    },

    /** A screen answers a program. Taken from one of those who watch, so that the program has one answer. */
    async answer(projectId: ProjectId, id: TerminalId, from: WebSocket, data: string): Promise<void> {
      const { shell } = entries.find(projectId, id)
      if (shell.isAnswerer(from)) await shell.type(data)
    },

    /** Somebody has another name now. */
    renamed(userId: UserId, name: string): void {
      for (const entry of entries.all()) entries.change(entry, withName(entry.state, userId, name))
    },

    /** With the project. */
    async removeProject(projectId: ProjectId): Promise<void> {
      entries.removeProject(projectId)
      running.removeProject(projectId)
    },

    /** The shells go on where their sandbox does. */
    stop: running.stop,
  }
}
