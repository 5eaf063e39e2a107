import { sql } from 'drizzle-orm'
import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { projectMaps } from '#shared/projects/doc.ts'
import { pythonCells, pythonLive } from '#shared/python/doc.ts'
import { sessionItems, sessionLive, sessionQueue, sessionStates } from '#shared/sessions/doc.ts'
import { parseDocumentName, serverWritten } from '#shared/wire/document-names.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Database } from '../db/port.ts'
import type { Documents } from '../sync/port.ts'
import { documentSnapshots, documentUpdates } from '../sync/table.ts'
import { forgetName } from './names.ts'
import type { Forgotten } from './names.ts'

type Deps = { database: Database; documents: Pick<Documents, 'open'> }

/** Takes the name out of what the server wrote into documents of these projects, shown at the moment or not. */
export async function forgetInDocuments({ database, documents }: Deps, who: Forgotten, projects: ReadonlySet<ProjectId>): Promise<void> {
  for (const projectId of projects) {
    const stored = await database.rows<{ document: string }>(
      sql`select document from ${documentUpdates} where project_id = ${projectId} union select document from ${documentSnapshots} where project_id = ${projectId}`,
    )
    for (const name of stored.map(({ document }) => parseDocumentName(document))) {
      if (serverWritten[name.kind]) await forgetInDocument(documents, name, who)
    }
  }
}

async function forgetInDocument(documents: Deps['documents'], name: DocumentName, who: Forgotten): Promise<void> {
  try {
    const open = await documents.open(name)
    try {
      open.transact((doc) => partsOf(name, doc).forEach((part) => forgetInType(part, who)))
      await open.flushed()
    } finally {
      await open.close()
    }
  } catch (error) {
    // Its project or session was deleted meanwhile.
    if (!(error instanceof AppError && error.code === 'not_found')) throw error
  }
}

function partsOf({ kind }: DocumentName, doc: Y.Doc): (Y.Map<unknown> | Y.Array<unknown>)[] {
  if (kind === 'project') return projectMaps.map((map) => doc.getMap<unknown>(map))
  if (kind === 'python') return [pythonCells(doc), pythonLive(doc) as Y.Map<unknown>]
  return [sessionItems(doc), sessionStates(doc), sessionLive(doc) as Y.Map<unknown>, sessionQueue(doc)]
}

/** Plain values are exchanged; shared texts are what somebody wrote. */
export function forgetInType(type: unknown, who: Forgotten): void {
  if (type instanceof Y.Map) {
    for (const [key, value] of [...type.entries()] as [string, unknown][]) {
      if (value instanceof Y.AbstractType) forgetInType(value, who)
      else {
        const next = forgetName(value, who)
        if (next !== value) type.set(key, next)
      }
    }
  } else if (type instanceof Y.Array) {
    for (const [at, value] of (type.toArray() as unknown[]).entries()) {
      if (value instanceof Y.AbstractType) forgetInType(value, who)
      else {
        const next = forgetName(value, who)
        if (next === value) continue
        type.delete(at, 1)
        type.insert(at, [next])
      }
    }
  }
}
