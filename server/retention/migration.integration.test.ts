import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle as overEmbedded } from 'drizzle-orm/pglite'
import { migrate as migrateEmbedded } from 'drizzle-orm/pglite/migrator'
import { drizzle as overPostgres } from 'drizzle-orm/postgres-js'
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator'
import { sql } from 'drizzle-orm'
import { pino } from 'pino'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { migrationsFolder } from '../db/migrations-folder.ts'
import { openDatabase } from '../db/open.ts'
import { loadDocument } from '../sync/load.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const log = pino({ level: 'silent' })
const project = 'prj_1'

/** The migrations up to one, as a version of then had them. */
async function migrationsUpTo(folder: string, last: string): Promise<string> {
  const path = join(folder, 'migrations')
  await cp(migrationsFolder, path, { recursive: true })
  const journal = join(path, 'meta', '_journal.json')
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8')) as { entries: { tag: string }[] }
  const end = entries.findIndex(({ tag }) => tag === last)
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, end + 1) }))
  return path
}

/** What stood in a room of then. */
function rowsOfThen(): string[] {
  const doc = new Y.Doc()
  doc.getText('content').insert(0, 'tides')
  const bytes = `'\\x${Buffer.from(Y.encodeStateAsUpdate(doc)).toString('hex')}'::bytea`
  return [
    `insert into users (id, email, name, password_hash, admin, created_at) values ('usr_1', 'ada@example.org', 'Ada', '-', true, 1)`,
    `insert into projects (id, name, created_by, created_at, updated_at) values ('${project}', 'Garden', 'usr_1', 1, 1)`,
    `insert into artifacts (id, project_id, name, mime, size, created_at) values ('art_1', '${project}', 'a', 'text/plain', 3, 1)`,
    `insert into artifact_parts (artifact_id, part, data) values ('art_1', 0, '\\x616263'::bytea)`,
    `insert into document_updates (document, seq, at, project_id, data) values ('board/${project}', 1, 1, '${project}', ${bytes})`,
    `insert into document_history (document, from_seq, to_seq, kind, part, parts, from_at, to_at, project_id, data)
      values ('file/${project}/a', 1, 1, 'keyframe', 0, 1, 1, 1, '${project}', ${bytes})`,
  ]
}

describeOnDatabases('the schema before history could end, on %s', (kind) => {
  test('a database of then is brought along with everything in it, and keeps its history for ever', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atrium-before-'))
    const made = kind === 'postgres' ? await createPostgresDatabase({ empty: true }) : undefined
    try {
      const before = { migrationsFolder: await migrationsUpTo(dataDir, '0010_runs_by_request') }
      if (made) {
        const client = postgres(made.url, { max: 1, onnotice: () => undefined })
        await migratePostgres(overPostgres(client), before)
        for (const row of rowsOfThen()) await client.unsafe(row)
        await client.end()
      } else {
        const client = new PGlite({ dataDir: join(dataDir, 'db') })
        await migrateEmbedded(overEmbedded(client), before)
        for (const row of rowsOfThen()) await client.exec(row)
        await client.close()
      }
      const database = await openDatabase({ databaseUrl: made?.url, dataDir }, log)
      const count = async (table: string) => (await database.rows<{ n: number }>(sql.raw(`select count(*)::int as n from ${table}`)))[0]?.n
      for (const table of ['users', 'projects', 'artifacts', 'artifact_parts', 'document_updates', 'document_history'])
        expect([table, await count(table)]).toEqual([table, 1])
      const doc = new Y.Doc()
      await loadDocument(database, `board/${project}`, doc)
      expect(doc.getText('content').toJSON()).toBe('tides')
      expect(await count('retention_settings')).toBe(0)
      await database.close()
    } finally {
      await made?.drop()
      await rm(dataDir, { recursive: true, force: true })
    }
  })
})
