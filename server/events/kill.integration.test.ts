import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type SQL, sql } from 'drizzle-orm'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { SessionSummary } from '#shared/sessions/schema.ts'
import { openDatabase } from '../db/open.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada as adaIs, makeProject, signUp } from '../testing/people.ts'
import { lackOf } from '../testing/require.ts'

const patience = { timeout: 60_000, interval: 100 }
const hasSandbox = (await lackOf('sandbox')) === undefined

describeOnDatabases('on %s', (kind) => {
  test.each(['project.deleted', 'session.deleted'] as const)(
    'killed after the commit and before anybody heard of it (%s), a server removes after its start what hung on it',
    async (dies) => {
      const made = kind === 'postgres' ? await createPostgresDatabase() : undefined
      const server = await startCrashableServer(
        {
          ATRIUM_SIGNUP: 'open',
          ATRIUM_SANDBOX: hasSandbox ? 'local' : 'off',
          ATRIUM_TEST_DIES_AT: dies,
          ...(made && { DATABASE_URL: made.url }),
        },
        'server/testing/killed-at-event-server.ts',
      )
      const isProject = dies === 'project.deleted'
      const sandboxes = async () => (hasSandbox ? readdir(join(server.dataDir, 'sandboxes')) : [])
      /** What is stored of the documents of what was deleted, and of events. */
      const stored = async (document: SQL) => {
        const database = await openDatabase({ databaseUrl: made?.url, dataDir: server.dataDir }, pino({ level: 'silent' }))
        try {
          const [found] = await database.rows<{ documents: number; undelivered: number }>(sql`
            select (select count(*)::int from document_updates where ${document}) + (select count(*)::int from document_snapshots where ${document}) as documents,
              (select count(*)::int from outbox where delivered_at is null) as undelivered`)
          return found
        } finally {
          await database.close()
        }
      }
      try {
        const ada = await signUp(server.url, adaIs)
        const { id } = await makeProject(ada)
        const session = await ada.json<SessionSummary>('POST', `/api/projects/${id}/sessions`, { title: 'Talk' })
        // So that the documents of the room are stored.
        await ada.fetch(`/api/sessions/${session.id}/messages`, { method: 'POST', body: { text: 'Hello', to: 'people' } })
        const document = isProject ? sql`project_id = ${id}` : sql`document = ${`session/${session.id}`}`
        if (made) await vi.waitUntil(async () => ((await stored(document))?.documents ?? 0) > 0, patience)
        if (hasSandbox) await ada.fetch(`/api/projects/${id}/files/notes.md`, { method: 'PUT', body: 'a note' })
        expect(await sandboxes()).toHaveLength(hasSandbox ? 1 : 0)
        const path = isProject ? `/api/projects/${id}` : `/api/sessions/${session.id}`
        await expect(ada.fetch(path, { method: 'DELETE' })).rejects.toThrow('fetch failed')
        expect(existsSync(join(server.dataDir, 'died-at-event'))).toBe(true)
        expect(await sandboxes()).toHaveLength(hasSandbox ? 1 : 0)

        await server.resume()
        expect((await ada.fetch(path)).status).toBe(404)
        const last = isProject && hasSandbox ? 'sandbox.orphaned' : dies
        await vi.waitFor(() => expect(server.output()).toContain(`"event":"${last}"`), patience)
        expect(await sandboxes()).toHaveLength(hasSandbox && !isProject ? 1 : 0)
        await server.pause()
        expect(await stored(document)).toEqual({ documents: 0, undelivered: 0 })
        expect(server.output()).not.toContain('"level":50')
      } finally {
        await server.stop()
        await made?.drop()
      }
    },
  )
})
