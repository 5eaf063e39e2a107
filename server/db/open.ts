import type { Logger } from '../base/logger.ts'
import { patchPostgresJs } from './patch-postgres-js.ts'
import type { Database } from './port.ts'

export type DatabaseSettings = {
  databaseUrl: string | undefined
  /** Absolute. */
  dataDir: string
  /** With one the server may share a Postgres with others. */
  secret?: string | undefined
}

/**
 * Opens the database and brings it to the newest schema: Postgres when there is an address, otherwise the embedded one in
 * the data directory. What is not used is not loaded.
 * @throws ConfigError when it cannot be used as configured.
 */
export async function openDatabase({ databaseUrl, dataDir, secret }: DatabaseSettings, log: Logger): Promise<Database> {
  if (databaseUrl) {
    patchPostgresJs()
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres(databaseUrl, secret ? 'shared' : 'alone')
  }
  const { openEmbedded } = await import('./embedded.ts')
  return openEmbedded(dataDir, log)
}
