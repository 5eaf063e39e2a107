import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { readConfig } from '../config.ts'
import type { Config } from '../config.ts'
import type { MakeProfiles } from '../profiles/built-in.ts'
import { startServer } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'
import { createPostgresDatabase, seedDataDir } from './database.ts'
import type { DatabaseKind } from './database.ts'

export type TestServer = RunningServer & { config: Config; dataDir: string }

type Overrides = {
  /** Variables as in the environment: `{ ATRIUM_SIGNUP: 'open' }`. */
  env?: Record<string, string>
  database?: DatabaseKind
  clock?: Clock
  /** A folder to start on again; it is then the caller's to remove. */
  dataDir?: string
  /** Other agents than the built-in one. */
  makeProfiles?: MakeProfiles
  /** For tests of what is logged. */
  log?: Logger
}

/**
 * The whole server as it is started by hand, on a free port and an empty folder, with open sign-up and without a sandbox
 * unless `env` says otherwise. `stop` also removes the folder and the database.
 */
export async function startTestServer({
  env = {},
  database = 'embedded',
  clock,
  dataDir,
  log: given,
  makeProfiles,
}: Overrides = {}): Promise<TestServer> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'atrium-server-')))
  const postgres = database === 'postgres' ? await createPostgresDatabase() : undefined
  if (database === 'embedded' && dataDir === undefined) await seedDataDir(folder)
  const config = readConfig({
    PORT: '0',
    ATRIUM_DATA_DIR: folder,
    ATRIUM_SIGNUP: 'open',
    ATRIUM_SANDBOX: 'off',
    ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    ...env,
  })
  const log = given ?? pino({ level: process.env.ATRIUM_TEST_LOG ?? 'silent' })
  const server = await startServer(config, { log, ...(clock ? { clock } : {}), ...(makeProfiles && { makeProfiles }) })
  return {
    ...server,
    config,
    dataDir: folder,
    async stop() {
      await server.stop()
      await postgres?.drop()
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
