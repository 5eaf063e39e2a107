import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { LeftOut } from '../base/mirror.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database, Frozen } from '../db/port.ts'
import { exportTables } from '../db/transfer/export.ts'
import { FirstLine } from '../db/transfer/format.ts'
import { inWords } from './disk-words.ts'
import { copyFiles } from './files-thread.ts'
import type { CopiedFiles } from './files-thread.ts'
import { formatVersion, Manifest, names, textOf } from './format.ts'
import { createLineFile } from './lines.ts'
import { beginPart } from './part.ts'
import type { Part } from './part.ts'

/** What came of it. */
export const MadeBackup = z.object({
  path: z.string(),
  entries: z.number(),
  bytes: z.number(),
  rows: z.number(),
  heldMs: z.number(),
  /** Sandboxes whose files are not in it. */
  cloud: z.number(),
  leftOut: Manifest.shape.leftOut,
})
export type MadeBackup = z.infer<typeof MadeBackup>

/** Told as it goes on, a line each. */
export type Tell = (line: string) => void

type Deps = {
  database: Database
  dataDir: string
  /** Of Atrium. */
  version: string
  /** What tells the data folder from any other. */
  home(): Promise<string>
  clock: Clock
  log: Logger
  /** From when it resolves until what it hands back is called, nothing is written to the data folder but the database. */
  hold(): Promise<() => void>
}

/** Passes over the files before the one that everybody waits for, until one of them takes little. */
const most = { passes: 4, calmMs: 1500 }
/** Longer nobody waits: a call into a sandbox is given up after 25 s. */
const maxHeldMs = 20_000

/** Copies of the database and the data folder, both as they were at one moment. One at a time. */
export function createBackups(deps: Deps) {
  let isMaking = false
  return {
    /**
     * Makes `<folder>/atrium-<time>`. Nothing is left of one that fails, or that `signal` ends.
     * @throws AppError `conflict` while another one is made; `invalid_input` and `unavailable` with the reason
     */
    async make(folder: string, tell: Tell, signal: AbortSignal): Promise<MadeBackup> {
      if (isMaking) throw new AppError('conflict', 'Another backup is being made. Wait until it has ended.')
      isMaking = true
      try {
        const part = await beginPart(folder, deps.dataDir, deps.clock.now())
        try {
          const made = await fill(deps, part, tell, signal)
          deps.log.info({ path: made.path, heldMs: made.heldMs }, 'a backup was made')
          return made
        } catch (error) {
          await part.remove()
          throw error
        }
      } catch (error) {
        deps.log.warn({ err: error }, 'a backup was not made')
        throw await inWords(error, folder)
      } finally {
        isMaking = false
      }
    },
  }
}
export type Backups = ReturnType<typeof createBackups>

async function fill(deps: Deps, part: Part, tell: Tell, signal: AbortSignal): Promise<MadeBackup> {
  const files = copyFiles({ from: deps.dataDir, folder: part.path })
  const snapshot = deps.database.snapshot(join(part.path, 'database-aside'))
  try {
    await snapshot.prepare()
    await copyAhead(files, tell, signal)
    let at = 0
    const heldMs = await withHold(deps, signal, (held) => {
      at = deps.clock.now()
      return allEnded([snapshot.take(), files.pass(held)])
    })
    tell(`hold: ${heldMs} ms, the state is of ${new Date(at).toISOString()}`)
    const frozen = await snapshot.open()
    const database = await writeDatabase(frozen, part.path, deps.database.kind, tell, signal)
    const cloud = await cloudSandboxes(frozen)
    await snapshot.discard()
    const { leftOut: unread, ...list } = await files.list(signal)
    tell(`files: ${list.entries} with folders and links, ${inMegabytes(list.bytes)}`)
    const leftOut = describeLeftOut(unread)
    const manifest = {
      format: formatVersion,
      app: deps.version,
      madeAt: at,
      home: await deps.home(),
      database,
      files: list,
      cloud,
      leftOut,
      heldMs,
    } satisfies Manifest
    await writeFile(join(part.path, names.manifest), `${JSON.stringify(Manifest.parse(manifest), undefined, 2)}\n`, { mode: 0o600, flush: true })
    signal.throwIfAborted()
    const rows = database.tables.reduce((sum, table) => sum + table.rows, 0)
    const path = await part.finish()
    return { path, entries: list.entries, bytes: list.bytes + database.bytes, rows, heldMs, cloud: cloud.length, leftOut }
  } finally {
    await files.end()
    await snapshot.discard()
  }
}

/** None of them goes on when this rejects. */
async function allEnded(works: Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(works)) if (one.status === 'rejected') throw one.reason
}

async function copyAhead(copied: CopiedFiles, tell: Tell, signal: AbortSignal): Promise<void> {
  for (let pass = 1; pass <= most.passes; pass++) {
    const begun = performance.now()
    const { files, bytes } = await copied.pass(signal)
    tell(`files: pass ${pass}, ${files} copied, ${inMegabytes(bytes)}`)
    if (performance.now() - begun < most.calmMs) return
  }
}

/** @returns how long it was held */
async function withHold(deps: Deps, signal: AbortSignal, work: (signal: AbortSignal) => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  const late = AbortSignal.timeout(maxHeldMs)
  const both = AbortSignal.any([signal, late])
  const tooLong = () =>
    new AppError('unavailable', `Too much changes to be copied while everybody waits (${maxHeldMs / 1000} s). Try again in a quiet hour.`)
  const holding = deps.hold()
  let working: Promise<unknown> = Promise.resolve()
  try {
    await Promise.race([holding, untilAborted(both)])
    working = work(both)
    await Promise.race([working, untilAborted(both)])
  } catch (error) {
    throw late.aborted && !signal.aborted ? tooLong() : error
  } finally {
    const letGo = holding.then((goOn) => goOn()).catch(() => undefined)
    // Whoever takes away what was copied waits for whoever still copies.
    await Promise.all([letGo, working.catch(() => undefined)])
  }
  return Math.round(performance.now() - begun)
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    const end = () => reject(signal.reason as Error)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })

async function writeDatabase(frozen: Frozen, folder: string, kind: Database['kind'], tell: Tell, signal: AbortSignal): Promise<Manifest['database']> {
  const file = await createLineFile(join(folder, names.database))
  try {
    let schema: number | undefined
    const tables = await exportTables(
      frozen,
      async (lines) => {
        signal.throwIfAborted()
        schema ??= FirstLine.parse(JSON.parse(lines[0] ?? '')).schema
        await file.write(lines)
      },
      ({ table, rows }) => rows > 0 && tell(`rows: ${table}, ${rows}`),
    )
    if (schema === undefined) throw new Error('the database has no first line')
    return { kind, schema, ...(await file.end()), tables }
  } finally {
    await file.close()
  }
}

/** Of E2B's cloud, if the schema knows any yet. */
async function cloudSandboxes({ transaction, rows }: Frozen): Promise<Manifest['cloud']> {
  return transaction(async (tx) => {
    const [known] = await rows<{ made: boolean }>(sql`select to_regclass('public.sandboxes') is not null as made`, tx)
    if (!known?.made) return []
    return rows<Manifest['cloud'][number]>(
      sql`select project_id as "projectId", sandbox_id as "sandboxId" from public.sandboxes where provider = 'e2b' order by project_id`,
      tx,
    )
  })
}

const mostNamed = 100

function describeLeftOut(all: LeftOut[]): Manifest['leftOut'] {
  return { count: all.length, some: all.slice(0, mostNamed).map(({ path, why }) => ({ path: textOf(path), why })) }
}

const inMegabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`
