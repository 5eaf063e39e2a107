import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const HostId = z.uuid()
export const hostIdFile = 'sandbox-host-id'

/** What tells this data folder from any other: a text made once, kept in `sandbox-host-id`. Sandboxes of this machine belong to it. */
export async function readHostId(dataDir: string): Promise<string> {
  const path = join(dataDir, hostIdFile)
  // Whoever is first makes it; what is no id is made anew.
  await writeFile(path, randomUUID(), { flag: 'wx', mode: 0o600 }).catch(unlessThere)
  const known = HostId.safeParse((await readFile(path, 'utf8')).trim())
  if (known.success) return known.data
  const made = randomUUID()
  await writeFile(path, made, { mode: 0o600 })
  return made
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
