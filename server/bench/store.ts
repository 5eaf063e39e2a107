import { sql } from 'drizzle-orm'
import { newId } from '#shared/base/new-id.ts'
import { createLogger } from '../base/logger.ts'
import { openDatabase } from '../db/open.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { startChild } from './child.ts'
import { fillSession } from './fill-session.ts'
import { count, megabytes } from './figures.ts'
import type { Figure } from './figures.ts'
import { runEnded } from './run-ended.ts'
import { firstVisitor, makeRoom } from './visitor.ts'
import type { WholeStateStored } from './whole-state-process.ts'

const bound = 200
const historyBytes = 50_000_000
/** 200 deltas of 50 characters a second for a minute, in six answers. */
const stream = { rate: 200, width: 50, seconds: 60, answers: 6 }

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
    const total = ours.log + ours.snapshots + ours.other
    const ratio = floor.bytes / total
    return [
      {
        what: `store: bytes written for ${stream.seconds} s of streaming into ${megabytes(historyBytes)}`,
        measured:
          `${megabytes(total)} (log ${megabytes(ours.log)}, snapshots and history ${megabytes(ours.snapshots)}, everything else ${megabytes(ours.other)}) against ` +
          `${megabytes(floor.bytes)} in ${floor.stores} stores: 1/${count(ratio)}`,
        bound: `≤ 1/${bound}`,
        ok: ratio >= bound,
      },
    ]
  } finally {
    await peer.end()
  }
}

async function streamForAMinute(): Promise<Written> {
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
    const perAnswer = (stream.rate * stream.seconds) / stream.answers
    for (let answer = 0; answer < stream.answers; answer += 1) {
      await model.ask({ type: 'script', deltas: perAnswer, gapMs: 1000 / stream.rate, width: stream.width })
      await visitor.post(`/api/sessions/${sessionId}/messages`, { id: newId('msg'), text: `Answer ${answer}`, to: 'agent' })
      await model.ask({ type: 'last' })
      await runEnded(server.url, visitor.key, sessionId)
    }
    await server.pause()
    return await withDatabase(server.dataDir, written)
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

/** From here on, every row that is written anywhere is counted with its size, also one that is deleted later. */
async function countWrites(database: Database): Promise<void> {
  await database.rows(sql`create table bench_writes (name text not null, bytes bigint not null)`)
  await database.rows(sql`create function bench_count() returns trigger language plpgsql as $$
    begin insert into bench_writes values (tg_table_name, pg_column_size(new)); return null; end $$`)
  const tables = await database.rows<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'bench_writes'`,
  )
  for (const { name } of tables) {
    await database.rows(sql`create trigger bench_count after insert or update on ${sql.identifier(name)} for each row execute function bench_count()`)
  }
}

async function written(database: Database): Promise<Written> {
  const rows = await database.rows<{ name: string; bytes: string }>(sql`select name, sum(bytes)::text as bytes from bench_writes group by name`)
  const of = (...names: string[]) => rows.filter(({ name }) => names.includes(name)).reduce((total, { bytes }) => total + Number(bytes), 0)
  const log = of('document_updates')
  const snapshots = of('document_snapshots', 'document_history')
  const all = rows.reduce((total, { bytes }) => total + Number(bytes), 0)
  return { log, snapshots, other: all - log - snapshots }
}
