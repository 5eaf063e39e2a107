import { and, desc, eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Project, ProjectPatch } from '#shared/projects/schema.ts'
import type { z } from 'zod'
import { createTurns } from '../base/budget.ts'
import type { Clock } from '../base/clock.ts'
import { personLimits } from '../base/person-limits.ts'
import type { Database } from '../db/port.ts'
import type { Outbox } from '../events/port.ts'
import { sandboxOf } from '../sandboxes/queries.ts'
import { sessionIds } from '../sessions/queries.ts'
import { createInvites } from './invites.ts'
import { createListeners } from './listeners.ts'
import { createMembers, lockProject } from './members.ts'
import { createRoles } from './roles.ts'
import { members, projects } from './table.ts'

type Deps = { database: Database; outbox: Outbox; clock: Clock }

const tooManyProjects = () =>
  new AppError('conflict', `You have made ${personLimits.projects} projects, which is as many as one person may have. Delete one you no longer need.`)

export function createProjects({ database, outbox, clock }: Deps) {
  const { db } = database
  const inTurn = createTurns(1)
  const listeners = createListeners()
  const { changed, accessChanged } = listeners

  const mine = {
    id: projects.id,
    name: projects.name,
    role: members.role,
    createdAt: projects.createdAt,
    updatedAt: projects.updatedAt,
    viewersMayWrite: projects.viewersMayWrite,
  }

  async function find(userId: UserId, projectId: ProjectId): Promise<Project | undefined> {
    const [project] = await db
      .select(mine)
      .from(projects)
      .innerJoin(members, eq(members.projectId, projects.id))
      .where(and(eq(projects.id, projectId), eq(members.userId, userId)))
    return project
  }

  /** @throws AppError `not_found` */
  async function get(userId: UserId, projectId: ProjectId): Promise<Project> {
    const project = await find(userId, projectId)
    if (!project) throw new AppError('not_found', 'This project does not exist.')
    return project
  }

  return {
    ...createMembers({ database, outbox, clock, accessChanged }),
    ...createInvites({ database, outbox, clock, accessChanged }),
    ...createRoles(database),
    ...listeners.on,
    /** Another process says so: whoever shows it reads it anew. */
    changedElsewhere: changed,
    get,

    /** Most recently changed first. */
    list: (userId: UserId): Promise<Project[]> =>
      db
        .select(mine)
        .from(projects)
        .innerJoin(members, eq(members.projectId, projects.id))
        .where(eq(members.userId, userId))
        .orderBy(desc(projects.updatedAt), desc(projects.id))
        .limit(personLimits.projects),

    /**
     * Makes the caller its owner. The same id again by the same person answers the project as it is.
     * @throws AppError `conflict` when the id is somebody else's, or when they have made as many as they may.
     */
    async create(userId: UserId, { id = newId<ProjectId>('prj'), name }: { id?: ProjectId | undefined; name: string }): Promise<Project> {
      const now = clock.now()
      // One after the other, so that many at once are counted too.
      await inTurn(userId, () =>
        database.transaction(async (tx) => {
          const made = await tx
            .insert(projects)
            .values({ id, name, createdBy: userId, createdAt: now, updatedAt: now })
            .onConflictDoNothing()
            .returning({ id: projects.id })
          if (made.length === 0) return
          if ((await tx.$count(projects, eq(projects.createdBy, userId))) > personLimits.projects) throw tooManyProjects()
          await tx.insert(members).values({ projectId: id, userId, role: 'owner', joinedAt: now })
        }),
      )
      const project = await find(userId, id)
      if (!project) throw new AppError('conflict', 'This id is already in use. Choose another one.')
      return project
    },

    async update(userId: UserId, projectId: ProjectId, { name, viewersMayWrite }: z.infer<typeof ProjectPatch>): Promise<Project> {
      const patch = { ...(name !== undefined && { name }), ...(viewersMayWrite !== undefined && { viewersMayWrite }) }
      await db
        .update(projects)
        .set({ ...patch, updatedAt: clock.now() })
        .where(eq(projects.id, projectId))
      changed(projectId)
      return get(userId, projectId)
    },

    /** Everything that hangs on it goes too; what is not in a table that refers to it is left to who hears of `project.deleted`. */
    async remove(projectId: ProjectId): Promise<void> {
      await database.transaction(async (tx) => {
        // Nothing is added to it from here on.
        await lockProject(tx, projectId)
        const inside = await sessionIds(tx, projectId)
        const sandbox = await sandboxOf(tx, projectId)
        const gone = await tx.delete(projects).where(eq(projects.id, projectId)).returning({ id: projects.id })
        if (gone.length === 0) return
        await outbox.add(tx, { type: 'project.deleted', projectId, sessionIds: inside, sandbox: sandbox ?? null })
        if (sandbox?.hostId) await outbox.add(tx, { type: 'sandbox.orphaned', projectId, sandboxId: sandbox.id }, sandbox.hostId)
      })
      await outbox.delivered(projectId)
    },

    /** Somebody has another name: the rooms they are in show it. */
    async renamed(userId: UserId): Promise<void> {
      const rows = await db.select({ projectId: members.projectId }).from(members).where(eq(members.userId, userId))
      for (const { projectId } of rows) changed(projectId)
    },
  }
}

export type Projects = ReturnType<typeof createProjects>
