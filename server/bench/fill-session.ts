import { sql } from 'drizzle-orm'
import type { Database } from '../db/port.ts'

const textLength = 400

/** Finished messages of a person, about 600 bytes each, as the server stores them. */
export async function fillSession(database: Database, sessionId: string, userId: string, count: number): Promise<void> {
  await database.rows(sql`
    insert into items (session_id, seq, id, data)
    select ${sessionId}::text, n, id,
      jsonb_build_object('type', 'message', 'id', id, 'seq', n, 'createdAt', 1700000000000 + n, 'finishedAt', 1700000000000 + n, 'to', 'people',
        'text', n || repeat(' word', ${textLength / 5}::int), 'author', jsonb_build_object('kind', 'user', 'id', ${userId}::text, 'name', 'Ada'))
    from (select n, 'itm_' || gen_random_uuid() as id from generate_series(1, ${count}::int) as n) as made`)
  await database.rows(sql`update sessions set last_seq = ${count}::int where id = ${sessionId}`)
}
