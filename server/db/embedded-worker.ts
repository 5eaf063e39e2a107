import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { createMirror } from '../base/mirror.ts'
import type { Mirror } from '../base/mirror.ts'
import { createBackups } from './backup.ts'
import { createDiskSync } from './disk-sync.ts'
import type { ErrorFields, Operation, WorkerMessage, WorkerRequest, WorkerSettings } from './embedded-protocol.ts'

/*
 * The thread that holds PGlite, so that its work never stalls the event loop of the server. Requests are done one after
 * another in the order they came.
 */
const port = parentPort
if (!port) throw new Error('this module is the entry of a worker thread')
const settings = workerData as WorkerSettings
const say = (message: WorkerMessage) => port.postMessage(message)

const text = (value: string) => value
const plainTypes = {
  [types.TIMESTAMP]: text,
  [types.TIMESTAMPTZ]: text,
  [types.INTERVAL]: text,
  [types.DATE]: text,
  [types.NUMERIC]: text,
}

function errorFields(thrown: unknown): ErrorFields {
  if (!(thrown instanceof Error)) return { message: String(thrown) }
  const { code, detail, constraint, table, column } = thrown as Error & Partial<ErrorFields>
  return { message: thrown.message, code, detail, constraint, table, column }
}

/** A new database is written from nothing; an old one was put on the disk by whoever had it before. */
const isNew = settings.folder !== undefined && !existsSync(`${settings.folder}/PG_VERSION`)
const startedAt = Date.now()

const pg = new PGlite({
  ...(settings.folder ? { dataDir: settings.folder } : {}),
  ...(settings.template ? { loadDataDir: new Blob([await readFile(settings.template)]) } : {}),
})
const disk = settings.folder ? createDiskSync(settings.folder, isNew ? 0 : startedAt) : undefined
const backups =
  settings.folder && settings.backups ? createBackups({ from: settings.folder, into: settings.backups, now: () => Date.now() }) : undefined

async function run(operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'query': {
      const options = { rowMode: operation.rowMode, ...(operation.plainTypes ? { parsers: plainTypes } : {}) }
      return pg.query(operation.sql, operation.params, options)
    }
    case 'exec':
      return pg.exec(operation.sql)
    case 'dump': {
      const dump = await pg.dumpDataDir('none')
      const part = `${operation.path}.${process.pid}`
      await writeFile(part, Buffer.from(await dump.arrayBuffer()))
      return rename(part, operation.path)
    }
    case 'copy':
      return copyTo(operation.into)
    case 'close': {
      if (backups?.due('stop')) await backUp()
      await pg.close()
      return disk?.everything()
    }
  }
}

/** One at a time is made. */
let copy: { into: string; mirror: Mirror } | undefined

async function copyTo(into: string): Promise<void> {
  if (!settings.folder) throw new Error('a database in memory has no folder')
  if (copy?.into !== into) copy = { into, mirror: createMirror({ from: settings.folder, to: into }) }
  await copy.mirror.pass()
}

/** Statements that failed inside an own BEGIN leave the one connection in an aborted transaction: end it. */
async function recover(operation: Operation): Promise<void> {
  if ((operation.kind === 'query' || operation.kind === 'exec') && !operation.inTransaction) await pg.exec('ROLLBACK').catch(() => undefined)
}

async function backUp(): Promise<void> {
  try {
    await pg.exec('CHECKPOINT')
    await backups?.make()
  } catch (error) {
    say({ kind: 'log', message: 'database backup failed', detail: errorFields(error).message })
  }
}

let queue: Promise<void> = Promise.resolve()
const inTurn = (work: () => Promise<void>) => (queue = queue.then(work))

async function answer({ id, operation }: WorkerRequest): Promise<void> {
  try {
    const result = await run(operation)
    disk?.touched()
    say({ kind: 'answer', answer: { id, result: plain(result) } })
  } catch (error) {
    await recover(operation)
    say({ kind: 'answer', answer: { id, error: errorFields(error) } })
  }
}

/** Only what can be cloned; a result may hold functions. */
function plain(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(plain)
  if (typeof result !== 'object' || result === null || !('rows' in result)) return undefined
  const { rows, fields, affectedRows } = result as { rows: unknown[]; fields: { name: string; dataTypeID: number }[]; affectedRows?: number }
  return { rows, fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })), affectedRows }
}

try {
  if (settings.folder && !existsSync(settings.folder)) throw new Error(`${settings.folder} does not exist`)
  await pg.waitReady
  port.on('message', (request: WorkerRequest) => {
    const { operation } = request
    const isAhead = operation.kind === 'copy' && operation.when === 'ahead'
    void (isAhead ? answer(request) : inTurn(() => answer(request)))
  })
  if (backups) {
    const oftenMs = 60_000
    setInterval(() => {
      if (!backups.due('running')) return
      // Between two requests a transaction may be open: a copy of it would hold its uncommitted rows, which recovery drops.
      void inTurn(backUp)
    }, oftenMs).unref()
  }
  say({ kind: 'ready' })
} catch (error) {
  say({ kind: 'failed', message: errorFields(error).message })
}
