import { eq } from 'drizzle-orm'
import type * as Y from 'yjs'
import { asAppError } from '#shared/base/errors.ts'
import type { ConflictId, ProjectId } from '#shared/base/ids.ts'
import { fileLimits } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEditing, FileState } from '#shared/files/state.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { fileConflicts, type KeptConflict } from './table.ts'

export type FileProjection = ReturnType<typeof createFileProjection>

/** What everybody in the room sees of open files, in `project/<id>`: their states, conflicts, and where agents edit. */
export function createFileProjection({
  database,
  documents,
  states,
}: {
  database: Database
  documents: Documents
  /** Of the files that are open now. */
  states(projectId: ProjectId): FileState[]
}) {
  const { db } = database

  async function write(projectId: ProjectId, change: (doc: Y.Doc) => void): Promise<void> {
    const name = { kind: 'project', projectId } as const
    try {
      await documents.write(name, change)
    } catch (thrown) {
      // The project may be deleted at any moment, and the server stop.
      const { code } = asAppError(thrown)
      if (code !== 'not_found' && code !== 'unavailable') throw thrown
    }
  }

  const set = (map: Y.Map<unknown>, key: string, value: object, most: number) => {
    if (JSON.stringify(map.get(key)) === JSON.stringify(value)) return
    map.set(key, value)
    const oldest = () => [...map].sort(([, a], [, b]) => timeOf(a) - timeOf(b))[0]
    for (let found = oldest(); map.size > most && found; found = oldest()) map.delete(found[0])
  }

  documents.onLoad('project', async ({ projectId }, doc) => {
    const rows = await db.select().from(fileConflicts).where(eq(fileConflicts.projectId, projectId)).limit(fileLimits.conflicts)
    doc.transact(() => {
      for (const name of ['files', 'editing']) for (const key of doc.getMap(name).keys()) doc.getMap(name).delete(key)
      for (const state of states(projectId)) set(doc.getMap('files'), state.path, state, fileLimits.states)
      const map = doc.getMap<unknown>('conflicts')
      const here = new Set<string>(rows.map(({ id }) => id))
      for (const id of map.keys()) if (!here.has(id)) map.delete(id)
      for (const { id, data } of rows) set(map, id, shown(data), fileLimits.conflicts)
    })
  })

  return {
    state: (projectId: ProjectId, state: FileState) => write(projectId, (doc) => set(doc.getMap('files'), state.path, state, fileLimits.states)),
    /** The document is not loaded any more. */
    forget: (projectId: ProjectId, path: FilePath) => write(projectId, (doc) => doc.getMap('files').delete(path)),
    editing: (projectId: ProjectId, editing: FileEditing) => write(projectId, (doc) => doc.getMap('editing').set(editing.agentId, editing)),
    stoppedEditing: (projectId: ProjectId, editing: FileEditing) =>
      write(projectId, (doc) => {
        const map = doc.getMap<FileEditing>('editing')
        if (map.get(editing.agentId)?.at === editing.at) map.delete(editing.agentId)
      }),
    /** Durable when it resolves. */
    async addConflicts(projectId: ProjectId, conflicts: KeptConflict[]): Promise<void> {
      if (conflicts.length === 0) return
      await db.insert(fileConflicts).values(conflicts.map((data) => ({ id: data.id, projectId, path: data.path, data, at: data.at })))
    },
    showConflicts: (projectId: ProjectId, conflicts: KeptConflict[]) =>
      write(projectId, (doc) => {
        for (const conflict of conflicts) set(doc.getMap('conflicts'), conflict.id, shown(conflict), fileLimits.conflicts)
      }),
    async conflictsOf(projectId: ProjectId, path: FilePath): Promise<KeptConflict[]> {
      const rows = await db.select().from(fileConflicts).where(eq(fileConflicts.projectId, projectId))
      return rows.filter((row) => row.path === path).map(({ data }) => data)
    },
    async findConflict(projectId: ProjectId, id: ConflictId): Promise<KeptConflict | undefined> {
      const [row] = await db.select().from(fileConflicts).where(eq(fileConflicts.id, id))
      return row?.projectId === projectId ? row.data : undefined
    },
    /** @returns whether it was there: of two who resolve it, one does */
    async removeConflict(projectId: ProjectId, id: ConflictId): Promise<boolean> {
      const gone = await db.delete(fileConflicts).where(eq(fileConflicts.id, id)).returning({ id: fileConflicts.id })
      await write(projectId, (doc) => doc.getMap('conflicts').delete(id))
      return gone.length > 0
    },
  }
}

const shown = ({ whole: _, ...conflict }: KeptConflict) => conflict

const timeOf = (value: unknown): number => {
  const { since, at } = (value ?? {}) as { since?: number; at?: number }
  return since ?? at ?? 0
}
