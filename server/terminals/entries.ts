import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, TerminalId } from '#shared/base/ids.ts'
import { projectTerminals } from '#shared/terminals/doc.ts'
import type { Terminal } from '#shared/terminals/schema.ts'
import type { Logger } from '../base/logger.ts'
import type { Documents } from '../sync/port.ts'
import { createShell } from './shell.ts'
import type { Shell } from './shell.ts'

export type Entry = { projectId: ProjectId; state: Terminal; shell: Shell }
export type Entries = ReturnType<typeof createEntries>

/** The terminals that this process knows, as everybody in their rooms sees them. */
export function createEntries({ documents, log }: { documents: Documents; log: Logger }) {
  const entries = new Map<string, Entry>()
  const keyOf = (projectId: ProjectId, id: TerminalId) => `${projectId}/${id}`
  const of = (projectId: ProjectId) => [...entries.values()].filter((entry) => entry.projectId === projectId)

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

  return {
    of,
    all: () => [...entries.values()],
    get: (projectId: ProjectId, id: TerminalId): Entry | undefined => entries.get(keyOf(projectId, id)),

    /** @throws AppError `not_found` */
    find(projectId: ProjectId, id: TerminalId): Entry {
      const entry = entries.get(keyOf(projectId, id))
      if (!entry) throw new AppError('not_found', 'This terminal does not exist.')
      return entry
    },

    /** Without being shown yet. */
    add(projectId: ProjectId, state: Terminal): Entry {
      const entry: Entry = { projectId, state, shell: createShell(state) }
      entries.set(keyOf(projectId, state.id), entry)
      return entry
    },
    show,
    /** Shown unless it is as it was. */
    change(entry: Entry, next: Terminal): void {
      if (next === entry.state) return
      entry.state = next
      show(entry.projectId, next.id)
    },
    remove(projectId: ProjectId, id: TerminalId): void {
      entries.delete(keyOf(projectId, id))
      show(projectId, id)
    },
    /** With its room, whose document goes too. */
    removeProject(projectId: ProjectId): void {
      for (const { state } of of(projectId)) entries.delete(keyOf(projectId, state.id))
    },

    /** Brings the document of a room level with what is known here. */
    bring(projectId: ProjectId, doc: Y.Doc): void {
      const shown = projectTerminals(doc)
      const now = of(projectId)
      for (const id of shown.keys()) if (!now.some(({ state }) => state.id === id)) shown.delete(id)
      for (const { state } of now) if (!isDeepStrictEqual(shown.get(state.id), state)) shown.set(state.id, state)
    },
  }
}
