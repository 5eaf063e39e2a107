import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { digestTables } from '../../db/transfer/export.ts'
import { openFolderAsIs, openPostgresAsIs } from '../../db/transfer/open.ts'
import { silent } from '../../sync/testing/room.ts'
import { createListReader, names, parseManifest } from '../format.ts'
import type { FileEntry, Manifest } from '../format.ts'

export async function readBackup(path: string): Promise<{ manifest: Manifest; entries: FileEntry[] }> {
  const list = await readFile(join(path, names.list), 'utf8')
  return {
    manifest: parseManifest(await readFile(join(path, names.manifest), 'utf8')),
    entries: list.split('\n').filter(Boolean).map(createListReader()),
  }
}

/** What makes a restored folder one of its own: nothing else may differ. */
const isSettled = (name: string) => name === 'sandboxes' || name.endsWith('/sandbox.json')

/** Each digest is that of the manifest, before any server starts there. */
export async function expectRestored(env: Record<string, string>, manifest: Manifest, entries: FileEntry[]): Promise<void> {
  const { ATRIUM_DATA_DIR: dataDir = '', DATABASE_URL: url } = env
  const database = url ? await openPostgresAsIs(url) : await openFolderAsIs(join(dataDir, 'db'), silent)
  try {
    const digests = await digestTables(database)
    expect(digests.filter(({ table }) => !isSettled(table))).toEqual(manifest.database.tables.filter(({ table }) => !isSettled(table)))
  } finally {
    await database.close()
  }
  for (const entry of entries) {
    if (entry.kind !== 'file' || isSettled(entry.path)) continue
    const content = await readFile(join(dataDir, entry.path))
    expect([entry.path, createHash('sha256').update(content).digest('hex')]).toEqual([entry.path, entry.sha256])
  }
}
