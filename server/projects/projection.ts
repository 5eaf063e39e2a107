import { isDeepStrictEqual } from 'node:util'
import { eq } from 'drizzle-orm'
import type * as Y from 'yjs'
import type { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { projectLimits } from '#shared/projects/doc.ts'
import type { RoomPerson, RoomProject } from '#shared/projects/doc.ts'
import { nameOf } from '../auth/queries.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Documents, Level } from '../sync/port.ts'
import type { Projects } from './service.ts'
import { members, projects } from './table.ts'

type Deps = { database: Database; documents: Documents; projects: Pick<Projects, 'onChanged'>; log: Logger }

/** Keeps `meta.project` and `people` of project documents level with the tables. @returns what does it for one that was just loaded */
export function projectProjection({ database: { db }, documents, projects: service, log }: Deps): Level<'project'> {
  async function read(projectId: ProjectId) {
    const [project] = await db
      .select({ id: projects.id, name: projects.name, viewersMayWrite: projects.viewersMayWrite })
      .from(projects)
      .where(eq(projects.id, projectId))
    if (!project) throw new AppError('not_found', 'This project does not exist.')
    const people = await db
      .select({ id: members.userId, name: nameOf(members.userId), role: members.role })
      .from(members)
      .where(eq(members.projectId, projectId))
      .orderBy(members.joinedAt)
      .limit(projectLimits.people)
    return { project, people }
  }

  /** One after another for a project, each with a fresh look: the last one writes what is true in the end. */
  const turns = new Map<ProjectId, Promise<void>>()
  async function bringLevel(projectId: ProjectId): Promise<void> {
    const name = { kind: 'project', projectId } as const
    if (!documents.isLoaded(name)) return
    const state = await read(projectId)
    await documents.write(name, (doc) => level(doc, state))
  }

  service.onChanged((projectId) => {
    const turn = (turns.get(projectId) ?? Promise.resolve())
      .then(() => bringLevel(projectId))
      .catch((error: unknown) => log.error({ err: error, projectId }, 'projecting the people of a project failed'))
      .finally(() => {
        if (turns.get(projectId) === turn) turns.delete(projectId)
      })
    turns.set(projectId, turn)
  })

  return async ({ projectId }, doc) => {
    const state = await read(projectId)
    doc.transact(() => level(doc, state))
  }
}

/** Writes only what differs: an unchanged value set again would still cost every reader an update. */
function level(doc: Y.Doc, { project, people }: { project: z.infer<typeof RoomProject>; people: RoomPerson[] }): void {
  const meta = doc.getMap<unknown>('meta')
  const room = doc.getMap<unknown>('people')
  if (!isDeepStrictEqual(meta.get('project'), project)) meta.set('project', project)
  const here = new Map<string, RoomPerson>(people.map((person) => [person.id, person]))
  for (const id of room.keys()) if (!here.has(id)) room.delete(id)
  for (const [id, person] of here) if (!isDeepStrictEqual(room.get(id), person)) room.set(id, person)
}
