import * as Y from 'yjs'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { nameOfErased } from '#shared/people/erased.ts'
import { projectMaps } from '#shared/projects/doc.ts'
import { pythonCells, pythonLive } from '#shared/python/doc.ts'
import { sessionItems, sessionLive, sessionQueue, sessionStates } from '#shared/sessions/doc.ts'
import { formatDocumentName } from '#shared/wire/document-names.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { projectTerminals } from '#shared/terminals/doc.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import { sessionsOfRunsBy } from '../runs/queries.ts'
import { sessionsNaming } from '../sessions/queries.ts'
import type { Documents } from '../sync/port.ts'
import { forgetName } from './names.ts'
import type { Forgotten } from './names.ts'

type Deps = { database: Database; documents: Pick<Documents, 'open'>; log: Logger }

/**
 * Takes the name out of what the server wrote into documents of these projects, shown at the moment or not. One that cannot be opened is
 * told in the log and keeps none of the others from it.
 */
export async function forgetInDocuments({ database, documents, log }: Deps, who: Forgotten, projects: ReadonlySet<ProjectId>): Promise<void> {
  for (const projectId of projects) {
    const inside = await sessionsOf(database, who, projectId)
    const names: DocumentName[] = [
      { kind: 'project', projectId },
      { kind: 'python', projectId },
      ...inside.map((sessionId) => ({ kind: 'session' as const, sessionId })),
    ]
    for (const name of names) {
      await forgetInDocument(documents, name, who).catch((error: unknown) => {
        log.error({ err: error, document: formatDocumentName(name) }, 'a name could not be erased from a document')
      })
    }
  }
}

/** Sessions in which the person did or said something, or is spoken of by the server. Their rows are rewritten already: the id is in them still. */
async function sessionsOf(database: Database, { userId }: Forgotten, projectId: ProjectId): Promise<SessionId[]> {
  const began = await sessionsOfRunsBy(database.db, projectId, userId)
  return [...new Set([...began, ...(await sessionsNaming(database, projectId, userId, nameOfErased))])]
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
  if (kind === 'project') return [projectTerminals(doc), ...projectMaps.map((map) => doc.getMap<unknown>(map))]
  if (kind === 'python') return [pythonCells(doc), pythonLive(doc) as Y.Map<unknown>]
  return [sessionItems(doc), sessionStates(doc), sessionLive(doc) as Y.Map<unknown>, sessionQueue(doc)]
}

/** Plain values are exchanged; shared texts are what somebody wrote. */
function forgetInType(type: unknown, who: Forgotten): void {
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
