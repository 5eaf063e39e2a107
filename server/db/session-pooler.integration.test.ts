import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { ada as adasAccount, makeProject, signUp } from '../testing/people.ts'
import { startPooler } from '../testing/pooler.ts'
import { needs } from '../testing/require.ts'
import { failToStart, startServerProcess } from '../testing/server-process.ts'
import { at } from '../testing/several.ts'
import { refuseTransactionPooler } from './session-pooler.ts'

describe('between a server and its database', await needs('postgres', 'pooler'), () => {
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>
  const ends: (() => Promise<unknown>)[] = []
  beforeAll(async () => void (database = await createPostgresDatabase()))
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
    await database?.drop()
  })

  test('a pooler that gives connections away is refused in one line', async () => {
    const pooler = await startPooler(database.url, 'transaction')
    ends.push(pooler.stop)
    const ATRIUM_DATA_DIR = await mkdtemp(join(tmpdir(), 'atrium-pooled-'))
    ends.push(() => rm(ATRIUM_DATA_DIR, { recursive: true, force: true }))
    const { code, stderr } = await failToStart({ DATABASE_URL: pooler.url, ATRIUM_DATA_DIR })
    expect(code).toBe(1)
    expect(stderr.trim()).toMatch(
      /^DATABASE_URL leads to a connection pooler that .* \(PgBouncer: pool_mode = session\), or name the database itself\.$/,
    )
    await expect(refuseTransactionPooler(pooler.url, '--to')).rejects.toThrow(/^--to leads to a connection pooler/)
    await refuseTransactionPooler(database.url)
  })

  test('one that keeps them serves two processes, which hear each other', async () => {
    const pooler = await startPooler(database.url, 'session')
    ends.push(pooler.stop)
    const env = { DATABASE_URL: pooler.url, ATRIUM_SECRET: 'the secret of all processes' }
    const start = async () => {
      const ATRIUM_DATA_DIR = await mkdtemp(join(tmpdir(), 'atrium-pooled-'))
      ends.push(() => rm(ATRIUM_DATA_DIR, { recursive: true, force: true }))
      const started = await startServerProcess({ ...env, ATRIUM_DATA_DIR })
      ends.push(() => started.end('SIGKILL'))
      return started
    }
    const [first, second] = [await start(), await start()]
    const ada = await signUp(first.url, adasAccount)
    const { id } = await makeProject(ada)
    const session = await ada.json<{ id: string }>('POST', `/api/projects/${id}/sessions`, { title: 'Plan' })
    expect(await at(second, ada).json('GET', `/api/sessions/${session.id}`)).toMatchObject({ title: 'Plan' })
    await second.end('SIGTERM')
    await first.end('SIGTERM')
    expect(first.output()).not.toMatch(/"level":(?:50|60)|error/i)
  })
})
