import { randomBytes } from 'node:crypto'
import { lchown, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Database, Db } from '../db/port.ts'
import { firstUid, SandboxRecord } from './host/store.ts'

/** Whether what was restored is a second one beside the first, or goes on in its place, with its machines in a cloud. */
export type Restored = { home: string; newHome: string; takesOver: boolean }

/**
 * Makes the sandboxes of a restored data folder its own. The one that it is a copy of may still run on this machine: its processes are not
 * this one's leftovers, and no user outside runs sandboxes of both.
 */
export async function settleFolder(dataDir: string): Promise<void> {
  const root = join(dataDir, 'sandboxes')
  const names = await readdir(root).catch(noneIfMissing)
  let uid = firstUid()
  for (const name of names.toSorted()) {
    const path = join(root, name, 'sandbox.json')
    const record = await readRecord(path)
    if (record?.id !== name) continue
    await writeFile(path, JSON.stringify({ ...record, uid, process: null } satisfies SandboxRecord), { mode: 0o600, flush: true })
    // As root, each of them runs as a user of its own.
    if (process.getuid?.() === 0) {
      for (const folder of [join('home', 'user'), join('home', '.atrium'), 'workspace']) await giveTo(join(root, name, folder), uid)
    }
    uid++
  }
}

async function readRecord(path: string): Promise<SandboxRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  try {
    return text === undefined ? undefined : SandboxRecord.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** With everything below it. No link is followed. */
async function giveTo(path: string, uid: number): Promise<void> {
  const waiting: Buffer[] = [Buffer.from(path)]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const here = at
    const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' }).catch(noneIfMissing)
    for (const entry of entries) {
      const full = Buffer.concat([here, Buffer.from('/'), entry.name])
      if (entry.isDirectory()) waiting.push(full)
      else await lchown(full, uid, uid)
    }
    await lchown(here, uid, uid).catch(noneIfMissing)
  }
}

/**
 * The rows of their sandboxes, in the newest schema. Those of this machine are in the new folder now. One in a cloud still works for where
 * the backup is from, unless that is gone: its room gets another one here, with the files of the last copy.
 */
export async function settleRows({ rows }: Pick<Database, 'rows'>, tx: Db, { home, newHome, takesOver }: Restored): Promise<void> {
  await rows(sql`update public.sandboxes set host_id = ${newHome} where provider = 'local' and host_id = ${home}`, tx)
  if (takesOver) return
  const cloud = await rows<{ project: string }>(sql`select project_id as project from public.sandboxes where provider = 'e2b'`, tx)
  for (const { project } of cloud) {
    // No sandbox has it, so that none is paused, ended or found by it.
    const none = `i${randomBytes(10).toString('hex')}`
    await rows(sql`update public.sandboxes set sandbox_id = ${none}, status = 'stopped', detail = null where project_id = ${project}`, tx)
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
  throw error
}
