import { randomInt } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import type { Logger } from '../../base/logger.ts'

/** What is known of a sandbox whether it runs or not. */
export const SandboxRecord = z.object({
  id: z.string().regex(/^[a-z0-9]{8,40}$/),
  template: z.string(),
  metadata: z.record(z.string(), z.string()),
  envs: z.record(z.string(), z.string()),
  createdAt: z.number(),
  startedAt: z.number(),
  timeoutMs: z.number(),
  /** What a caller of the sandbox itself must show; the same for its whole life, so that a restart breaks nobody's hold on it. */
  token: z.string().min(32),
  /** At the end of its time: pause it, or remove it. */
  onTimeout: z.enum(['pause', 'kill']),
  /** Paused so, it keeps its processes; otherwise files only. */
  keepMemory: z.boolean().default(false),
  /** Paused, it is woken by a call to it or to one of its ports. */
  autoResume: z.boolean().default(false),
  /** `false` closes the way out; null where nobody said. */
  internet: z.boolean().nullable().default(null),
  /** What a caller of a port must show; null where knowing the id is enough. */
  trafficToken: z.string().min(32).nullable().default(null),
  /** The user outside that it runs as, when the host is root. */
  uid: z.number().int(),
  /** Where they differ from the host's own. */
  limits: z.object({ memoryBytes: z.number(), processes: z.number(), cpus: z.number(), diskBytes: z.number() }).partial().default({}),
  /**
   * What ran it last: a pid and its start time, so that a leftover of a dead host is known for certain; and for which folder, since a copy of
   * a data folder has nothing to do with what runs in the original.
   */
  process: z.object({ pid: z.number().int(), startTime: z.string(), folder: z.string().optional() }).nullable(),
})
export type SandboxRecord = z.infer<typeof SandboxRecord>

/** Far from the users of people and services. The first is by chance: servers on one machine must not count their processes together. */
const uids = { from: 200_000, blocks: 8000, each: 100 }

/** Of a data folder that has none yet. */
export const firstUid = () => uids.from + randomInt(uids.blocks) * uids.each

/** A record before it takes its name: the pid of who writes it follows. */
const unfinishedRecord = 'sandbox.json.'
/** No id has a dot. */
const removedSuffix = '.removed'

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const writer = name.startsWith(unfinishedRecord) ? Number(name.slice(unfinishedRecord.length)) : Number.NaN
    if (Number.isInteger(writer) && writer !== process.pid) await rm(join(folder, name), { force: true })
  }
}

function ignoreMissing(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
}

/** `<dataDir>/sandboxes/<id>/`: `sandbox.json`, and `home/user`, the workspace. */
export function createStore(root: string, log: Logger) {
  const folderOf = (id: string) => join(root, id)
  const workspaceOf = (id: string) => join(folderOf(id), 'home', 'user')
  const records = new Map<string, SandboxRecord>()
  return {
    records,
    workspaceOf,
    /** What tells a sandbox's folder from every copy of it. */
    async folderId(id: string): Promise<string> {
      const { dev, ino } = await lstat(folderOf(id), { bigint: true })
      return `${dev}:${ino}`
    },
    /** Brings a sandbox of an earlier version to where its workspace is kept now: in a folder that holds nothing else in its sight. */
    async bringAlong(id: string): Promise<void> {
      const before = join(folderOf(id), 'workspace')
      const isThere = (path: string) => lstat(path).then(Boolean, () => false)
      if (!(await isThere(before)) || (await isThere(workspaceOf(id)))) return
      await mkdir(dirname(workspaceOf(id)), { recursive: true, mode: 0o755 })
      await rename(before, workspaceOf(id))
    },
    async load(): Promise<void> {
      await mkdir(root, { recursive: true, mode: 0o700 })
      for (const name of await readdir(root)) {
        try {
          const record = SandboxRecord.parse(JSON.parse(await readFile(join(root, name, 'sandbox.json'), 'utf8')))
          if (record.id === name) records.set(name, record)
        } catch (thrown) {
          // A folder without a record was never acknowledged.
          if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' && (thrown as NodeJS.ErrnoException).code !== 'ENOTDIR') {
            log.warn({ sandboxId: name, err: thrown }, 'a sandbox record cannot be read')
          }
        }
      }
    },
    nextUid: () => (records.size === 0 ? firstUid() : [...records.values()].reduce((next, { uid }) => Math.max(next, uid + 1), 0)),
    async save(record: SandboxRecord): Promise<void> {
      records.set(record.id, record)
      const folder = folderOf(record.id)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const unfinished = join(folder, `${unfinishedRecord}${process.pid}`)
      await writeFile(unfinished, JSON.stringify(record), { mode: 0o600 })
      await rename(unfinished, join(folder, 'sandbox.json'))
    },
    /** At once under another name: a host that is killed meanwhile leaves no half of it that looks like a sandbox. */
    async remove(id: string): Promise<void> {
      records.delete(id)
      const removed = `${folderOf(id)}${removedSuffix}`
      await rename(folderOf(id), removed).catch(ignoreMissing)
      await rm(removed, { recursive: true, force: true, maxRetries: 3 })
    },
    /** Finishes what a host that was killed had begun to remove, and removes what it had begun to write. After `load`. */
    async sweep(): Promise<void> {
      for (const name of await readdir(root)) {
        const folder = join(root, name)
        if (name.endsWith(removedSuffix)) await rm(folder, { recursive: true, force: true, maxRetries: 3 })
        else if (records.has(name)) await removeUnfinished(folder)
      }
    },
  }
}
export type Store = ReturnType<typeof createStore>
