import type { Logger } from '../../base/logger.ts'
import { patchPostgresJs } from '../patch-postgres-js.ts'
import type { Database } from '../port.ts'

/**
 * The embedded database in `folder` (absolute; made when there is none) under its lock, as it is: not brought to a newer schema. Its
 * transactions may take any time, and no copies of it are made.
 * @param locked the caller holds the lock `<folder>.lock`, for longer than the database is open
 * @throws ConfigError when another process has it open
 */
export async function openFolderAsIs(folder: string, log: Logger, { locked = false } = {}): Promise<Database> {
  const { openFolder } = await import('../embedded.ts')
  return openFolder(folder, log, { patient: true, locked })
}

/** The database at an address of Postgres, as it is. Hold it with `holdDatabase` meanwhile. */
export async function openPostgresAsIs(url: string): Promise<Database> {
  patchPostgresJs()
  const { connectPostgres } = await import('../postgres.ts')
  return connectPostgres(url)
}
