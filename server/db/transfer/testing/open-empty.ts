import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createPostgresDatabase, seedDataDir } from '../../../testing/database.ts'
import type { DatabaseKind } from '../../../testing/database.ts'
import type { Database } from '../../port.ts'
import { openFolderAsIs, openPostgresAsIs } from '../open.ts'

/** A database without rows, of the newest schema or, `unused`, without one. Its transactions take any time. */
export async function openEmpty(kind: DatabaseKind, { unused = false } = {}): Promise<Database> {
  if (kind === 'postgres') {
    const { url, drop } = await createPostgresDatabase({ empty: unused })
    return withEnd(await openPostgresAsIs(url), drop)
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'atrium-transfer-'))
  if (!unused) await seedDataDir(dataDir)
  const database = await openFolderAsIs(join(dataDir, 'db'), pino({ level: 'silent' }))
  return withEnd(database, () => rm(dataDir, { recursive: true, force: true }))
}

function withEnd(database: Database, after: () => Promise<void>): Database {
  const close = async () => {
    await database.close()
    await after()
  }
  return { ...database, close }
}
