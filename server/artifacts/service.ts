import { and, eq } from 'drizzle-orm'
import { AppError } from '#shared/base/errors.ts'
import type { ArtifactId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { artifactParts, artifacts } from './table.ts'

/** Bytes of one artifact, and of one of its rows. */
export const maxArtifactBytes = 20 * 1024 * 1024
const partBytes = 256 * 1024

export type Artifact = { id: ArtifactId; name: string; mime: string; size: number; createdAt: number; body: ReadableStream<Uint8Array> }

/** Bytes that tools keep aside, by project. Never changed once kept; they go with the project. */
export function createArtifacts({ database, clock }: { database: Database; clock: Clock }) {
  const { db } = database

  return {
    /**
     * Resolves when it is durable.
     * @throws AppError `too_large` beyond 20 MB
     */
    async keep(projectId: ProjectId, name: string, mime: string, data: Uint8Array): Promise<ArtifactId> {
      if (data.length > maxArtifactBytes) throw new AppError('too_large', `Up to ${maxArtifactBytes} bytes can be kept.`)
      const now = clock.now()
      const id = newId<ArtifactId>('art', now)
      await database.transaction(async (tx) => {
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
  }
}

export type Artifacts = ReturnType<typeof createArtifacts>
