import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { loadDocument } from '../sync/load.ts'
import { openDatabaseOfThen } from '../testing/database-of-then.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

const project = 'prj_1'

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
    const { database, drop } = await openDatabaseOfThen(kind, '0010_runs_by_request', rowsOfThen())
    try {
      const count = async (table: string) => (await database.rows<{ n: number }>(sql.raw(`select count(*)::int as n from ${table}`)))[0]?.n
      for (const table of ['users', 'projects', 'artifacts', 'artifact_parts', 'document_updates', 'document_history'])
        expect([table, await count(table)]).toEqual([table, 1])
      const doc = new Y.Doc()
      await loadDocument(database, `board/${project}`, doc)
      expect(doc.getText('content').toJSON()).toBe('tides')
      expect(await count('retention_settings')).toBe(0)
    } finally {
      await drop()
    }
  })
})
