import { and, asc, eq, inArray, lt, sum } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ArtifactId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Clock } from '../base/clock.ts'
import { personLimits } from '../base/person-limits.ts'
import type { Database, Db } from '../db/port.ts'
import { projectsOfCreator } from '../projects/queries.ts'
import { artifactParts, artifacts } from './table.ts'

/** Bytes of one artifact, and of one of its rows. */
export const maxArtifactBytes = 20 * 1024 * 1024
const partBytes = 256 * 1024
/** What one transaction removes of what is older: so many, or so many bytes, whichever is reached first. */
const removal = { count: 100, bytes: 4 * 1024 * 1024 }
const full = 'No more output can be kept: the projects of this owner hold as much as they may. Delete a project that is no longer needed.'

export type Artifact = { id: ArtifactId; name: string; mime: string; size: number; createdAt: number; body: ReadableStream<Uint8Array> }

/** Bytes that tools keep aside, by project. Never changed once kept; they go with the project, or when its history is not kept so long. */
export function createArtifacts({
  database,
  clock,
  maxBytes = personLimits.artifactBytes,
}: {
  database: Database
  clock: Clock
  /** Of all that is kept in one person's projects. */
  maxBytes?: number
}) {
  const { db } = database

  /** Over all projects of whoever made this one. */
  async function bytesOfOwner(tx: Db, projectId: ProjectId): Promise<number> {
    const [row] = await tx
      .select({ bytes: sum(artifacts.size).mapWith(Number) })
      .from(artifacts)
      .where(inArray(artifacts.projectId, projectsOfCreator(tx, projectId)))
    return row?.bytes ?? 0
  }

  return {
    /**
     * Resolves when it is durable.
     * @throws AppError `too_large` beyond 20 MB, or when the projects of who made this one hold as much as they may
     */
    async keep(projectId: ProjectId, name: string, mime: string, data: Uint8Array): Promise<ArtifactId> {
      if (data.length > maxArtifactBytes) throw new AppError('too_large', `Up to ${maxArtifactBytes} bytes can be kept.`)
      const now = clock.now()
      const id = newId<ArtifactId>('art', now)
      await database.transaction(async (tx) => {
        if ((await bytesOfOwner(tx, projectId)) + data.length > maxBytes) throw new AppError('too_large', full)
        await tx.insert(artifacts).values({ id, projectId, name: name.slice(0, 200), mime: mime.slice(0, 200), size: data.length, createdAt: now })
        for (let part = 0; part * partBytes < data.length; part++) {
          await tx.insert(artifactParts).values({ artifactId: id, part, data: data.subarray(part * partBytes, (part + 1) * partBytes) })
        }
      })
      return id
    },

    /**
     * One artifact of the project; its body is read part by part as it is consumed.
     * @throws AppError `not_found`, also for one of another project
     */
    async read(projectId: ProjectId, id: ArtifactId): Promise<Artifact> {
      const [row] = await db
        .select()
        .from(artifacts)
        .where(and(eq(artifacts.id, id), eq(artifacts.projectId, projectId)))
      if (!row) throw new AppError('not_found', 'This artifact does not exist.')
      let part = 0
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const [next] = await db
            .select({ data: artifactParts.data })
            .from(artifactParts)
            .where(and(eq(artifactParts.artifactId, id), eq(artifactParts.part, part++)))
          if (next) controller.enqueue(next.data)
          else controller.close()
        },
      })
      return { id: row.id, name: row.name, mime: row.mime, size: row.size, createdAt: row.createdAt, body }
    },

    /** Removes some of the oldest ones from before `before`, in one transaction. @returns none when there are none left */
    async removeSome(projectId: ProjectId, before: number): Promise<{ count: number; bytes: number }> {
      const oldest = await db
        .select({ id: artifacts.id, size: artifacts.size })
        .from(artifacts)
        .where(and(eq(artifacts.projectId, projectId), lt(artifacts.createdAt, before)))
        .orderBy(asc(artifacts.createdAt))
        .limit(removal.count)
      let bytes = 0
      const ids: ArtifactId[] = []
      for (const { id, size } of oldest) {
        if (ids.length > 0 && bytes + size > removal.bytes) break
        ids.push(id)
        bytes += size
      }
      if (ids.length > 0) await db.delete(artifacts).where(inArray(artifacts.id, ids))
      return { count: ids.length, bytes }
    },

    async bytesOf(projectId: ProjectId): Promise<number> {
      const [row] = await db
        .select({ bytes: sum(artifacts.size).mapWith(Number) })
        .from(artifacts)
        .where(eq(artifacts.projectId, projectId))
      return row?.bytes ?? 0
    },
  }
}

export type Artifacts = ReturnType<typeof createArtifacts>
