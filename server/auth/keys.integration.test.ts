import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ApiKeyId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { randomToken, sha256 } from '../base/secrets.ts'
import { migrationsFolder } from '../db/migrations-folder.ts'
import type { Database } from '../db/port.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { createKeys } from './keys.ts'
import { apiKeys, users } from './table.ts'

describeOnDatabases('keys and their scopes on %s', (kind) => {
  let database: Database
  const ada = newId<UserId>('usr')
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    await database.db.insert(users).values({ id: ada, email: 'ada@example.org', name: 'Ada', passwordHash: '-', admin: false, createdAt: 0 })
  })
  afterEach(() => database.close())

  test('a key has the scopes it was made with, and says so wherever it is shown or used', async () => {
    const keys = createKeys({ database, clock: { now: () => 1 } })
    const { secret, ...made } = await keys.create(ada, { name: 'CI', scopes: ['read', 'decide'] })
    expect(made).toMatchObject({ name: 'CI', scopes: ['read', 'decide'] })
    expect(await keys.list(ada)).toEqual([made])
    expect(await keys.validate(secret)).toMatchObject({ userId: ada, by: 'key', key: { name: 'CI', scopes: ['read', 'decide'] } })
  })

  test('a key of before there were scopes reads and writes from now on, and decides no more', async () => {
    // The tables as they were, with a key in them.
    await database.rows(sql`alter table api_keys drop column scopes`)
    await database.rows(sql`alter table approval_votes drop column key_name`)
    const secret = `sk_${randomToken()}`
    const id = newId<ApiKeyId>('key')
    await database.rows(sql`insert into api_keys (id, user_id, name, hash, created_at) values (${id}, ${ada}, 'old', ${sha256(secret)}, 1)`)
    const steps = await readFile(join(migrationsFolder, '0007_key_scopes.sql'), 'utf8')
    for (const step of steps.split('--> statement-breakpoint')) await database.rows(sql.raw(step))
    expect(await createKeys({ database, clock: { now: () => 1 } }).validate(secret)).toMatchObject({
      key: { name: 'old', scopes: ['read', 'write'] },
    })
    expect(await database.db.select({ scopes: apiKeys.scopes }).from(apiKeys)).toEqual([{ scopes: ['read', 'write'] }])
  })
})
