import { createHash, createHmac, randomBytes } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../db/port.ts'
import { previewLabels } from './table.ts'

/** What a label shows: a program on a port, or the files of the workspace, framed by our page at `shownBy`. */
export type Target = { kind: 'port'; port: number } | { kind: 'pages'; shownBy: string }

export type Labelled = { projectId: ProjectId; userId: UserId; credentialId: string; target: Target }

/** A label that nobody has used for so long is forgotten, and how often its use is noted. In ms. */
const idleMs = 12 * 3_600_000
const notedMs = 600_000
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

const hashOf = (label: string) => createHash('sha256').update(label).digest('hex')

/**
 * The names of previews, which cannot be guessed. The same person has the same name for the same thing as long as the secret stays: that of all
 * processes, or one of this process's own.
 */
export function createLabels({ database, clock, secret }: { database: Database; clock: Clock; secret: string | undefined }) {
  const { db } = database
  const key = createHmac('sha256', secret ?? randomBytes(32))
    .update('atrium: names of previews')
    .digest()

  function labelOf({ projectId, userId, credentialId, target }: Labelled): string {
    const what = target.kind === 'port' ? target.port : target.shownBy
    const bytes = createHmac('sha256', key)
      .update(JSON.stringify([projectId, userId, credentialId, target.kind, what]))
      .digest()
    return Array.from(bytes.subarray(0, 26), (byte) => alphabet[byte & 31]).join('')
  }

  return {
    /** Makes it known to every process. */
    async add(labelled: Labelled): Promise<string> {
      const label = labelOf(labelled)
      const usedAt = clock.now()
      await db.delete(previewLabels).where(lt(previewLabels.usedAt, usedAt - idleMs))
      await db
        .insert(previewLabels)
        .values({ hash: hashOf(label), ...labelled, usedAt })
        .onConflictDoUpdate({ target: previewLabels.hash, set: { usedAt } })
      return label
    },
    async find(label: string): Promise<Labelled | undefined> {
      const [row] = await db
        .select()
        .from(previewLabels)
        .where(eq(previewLabels.hash, hashOf(label)))
      const now = clock.now()
      if (!row || now - row.usedAt > idleMs) return undefined
      if (now - row.usedAt > notedMs) await db.update(previewLabels).set({ usedAt: now }).where(eq(previewLabels.hash, row.hash))
      const { projectId, userId, credentialId, target } = row
      return { projectId, userId, credentialId, target }
    },
    end: (label: string) => db.delete(previewLabels).where(eq(previewLabels.hash, hashOf(label))),
    endOfCredential: (credentialId: string) => db.delete(previewLabels).where(eq(previewLabels.credentialId, credentialId)),
    endOf: (projectId: ProjectId, userId: UserId) =>
      db.delete(previewLabels).where(and(eq(previewLabels.projectId, projectId), eq(previewLabels.userId, userId))),
  }
}

export type Labels = ReturnType<typeof createLabels>
