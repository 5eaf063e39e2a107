import { sql } from 'drizzle-orm'
import { newId } from '#shared/base/new-id.ts'
import { createLogger } from '../base/logger.ts'
import { openDatabase } from '../db/open.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { startChild } from './child.ts'
import { fillSession } from './fill-session.ts'
import { count, megabytes } from './figures.ts'
import type { Figure } from './figures.ts'
import type { Answered } from './model-process.ts'
import { runEnded } from './run-ended.ts'
import { firstVisitor, makeRoom } from './visitor.ts'
import type { WholeStateStored } from './whole-state-process.ts'

const bound = 200
const historyBytes = 50_000_000
/** 200 deltas of 50 characters a second for a minute, of one answer. */
const stream = { rate: 200, width: 50, seconds: 60 }

const sum = ({ log, snapshots, other }: Written) => log + snapshots + other

type Written = { log: number; snapshots: number; other: number }

/**
 * Bytes written during a minute of streaming into a session of 50 MB: every row of the log, of snapshots and history, and of
 * all other tables; against what Hocuspocus stores of a document that large. Both run for the whole minute.
 */
export async function benchStore(): Promise<Figure[]> {
  const peer = startChild('./whole-state-process.ts')
  try {
    const wholeState = peer.ask<WholeStateStored>({ historyBytes, ...stream })
    const [floor, ours] = await Promise.all([wholeState, streamForAMinute()])
    const ratio = floor.bytes / sum(ours.during)
    return [
      {
        what: `store: bytes written for ${stream.seconds} s of streaming into ${megabytes(historyBytes)}`,
        measured:
          `${megabytes(sum(ours.during))} for ${megabytes(ours.characters)} of text (log ${megabytes(ours.during.log)}, snapshots and history ` +
          `${megabytes(ours.during.snapshots)}, everything else ${megabytes(ours.during.other)}) against ${megabytes(floor.bytes)} in ${floor.stores} ` +
          `stores: 1/${count(ratio)}. Finishing the answer ${stream.seconds / 5} s later: ${megabytes(sum(ours.all))} in all`,
        bound: `≤ 1/${bound}`,
        ok: ratio >= bound,
      },
    ]
  } finally {
    await peer.end()
  }
}

async function streamForAMinute(): Promise<{ characters: number; during: Written; all: Written }> {
  const model = startChild('./model-process.ts')
  const { url } = await model.ask<{ url: string }>({ type: 'address' })
  const server = await startCrashableServer({ OPENAI_BASE_URL: url, OPENAI_API_KEY: 'bench', ATRIUM_MODEL: 'bench', ATRIUM_SANDBOX: 'off' })
  try {
    const visitor = await firstVisitor(server.url)
    const { sessionId } = await makeRoom(visitor)
    await server.pause()
    await withDatabase(server.dataDir, async (database) => {
      await fillSession(database, sessionId, visitor.userId, historyBytes / 500)
      await countWrites(database)
    })
    await server.resume()
    // Longer than a minute, so that what is counted ends while the model still streams.
    await model.ask({ type: 'script', deltas: stream.rate * stream.seconds * 1.2, gapMs: 1000 / stream.rate, width: stream.width })
    await visitor.post(`/api/sessions/${sessionId}/messages`, { id: newId('msg'), text: 'A long one, please', to: 'agent' })
    const until = Date.now() + stream.seconds * 1000
    const { sentAt } = await model.ask<Answered>({ type: 'last' })
    await runEnded(server.url, visitor.key, sessionId)
    await server.pause()
    const started = sentAt[0] ?? 0
    const characters = sentAt.filter((at) => at - started < stream.seconds * 1000).length * stream.width
    return await withDatabase(server.dataDir, async (database) => ({
      characters,
      during: await written(database, until),
      all: await written(database, Date.now()),
    }))
  } finally {
    await Promise.all([model.end(), server.stop()])
  }
}

type Database = Awaited<ReturnType<typeof openDatabase>>

async function withDatabase<T>(dataDir: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, createLogger('warn'))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** From here on every row that is written anywhere counts with its size before compression, also one that is deleted later. */
async function countWrites(database: Database): Promise<void> {
  await database.rows(sql`create table bench_writes (name text not null, bytes bigint not null, at timestamptz not null default clock_timestamp())`)
  await database.rows(sql`create function bench_count() returns trigger language plpgsql as $$
    begin insert into bench_writes (name, bytes) values (tg_table_name, pg_column_size(new)); return new; end $$`)
  const tables = await database.rows<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'bench_writes'`,
  )
  for (const { name } of tables) {
    await database.rows(
      sql`create trigger bench_count before insert or update on ${sql.identifier(name)} for each row execute function bench_count()`,
    )
  }
}

/** Until then, in epoch ms. */
async function written(database: Database, until: number): Promise<Written> {
  const rows = await database.rows<{ name: string; bytes: string }>(
    sql`select name, sum(bytes)::text as bytes from bench_writes where at <= to_timestamp(${until}::float8 / 1000) group by name`,
  )
  const of = (...names: string[]) => rows.filter(({ name }) => names.includes(name)).reduce((total, { bytes }) => total + Number(bytes), 0)
  const log = of('document_updates')
  const snapshots = of('document_snapshots', 'document_history')
  const all = rows.reduce((total, { bytes }) => total + Number(bytes), 0)
  return { log, snapshots, other: all - log - snapshots }
}
