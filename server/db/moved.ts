import { existsSync, readdirSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'

const aside = 'db-moved-to-postgres-'

/** Whether something in the data folder is such a folder. */
export const isPutAside = (name: string) => name.startsWith(aside)

/** The embedded database of a data folder. */
export const embeddedFolder = (dataDir: string) => join(dataDir, 'db')

/** Puts the folder of the embedded database aside, under a name that says why. Whoever does it holds its lock. @returns where it is now */
export async function putAside(dataDir: string, at: Date): Promise<string> {
  const to = join(dataDir, aside + at.toISOString().slice(0, 19).replaceAll(':', '-'))
  await rename(embeddedFolder(dataDir), to)
  return to
}

/**
 * A server that is started without the address would begin anew, as if nothing had ever been there.
 * @throws ConfigError when the content of the data folder went to Postgres, and there is no embedded database since
 */
export function refuseMoved(dataDir: string): void {
  const folder = embeddedFolder(dataDir)
  if (!existsSync(dataDir) || existsSync(join(folder, 'PG_VERSION'))) return
  const moved = readdirSync(dataDir).filter(isPutAside).toSorted().at(-1)
  if (moved === undefined) return
  throw new ConfigError(
    `The content of ${dataDir} was moved to Postgres: start with the DATABASE_URL of that database. To go back to how it was before the move, ` +
      `rename ${join(dataDir, moved)} to ${folder}; what was done since then is in Postgres alone.`,
  )
}
