import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { RunId, SessionId } from '#shared/base/ids.ts'
import { listQueue } from '../sessions/queue.ts'
import { openDatabaseOfThen } from '../testing/database-of-then.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { activeRuns } from './store.ts'
import { usageOf } from './usage.ts'
import { waitingForOf } from './wait.ts'
import { openWaits } from './waits.ts'

const usage = `'{"inputTokens": 1000, "outputTokens": 70, "contextTokens": 600, "budgetUsedPct": 0.3}'`

/** Three sessions whose runs wait for an approval, an answer and the desktop, and one that has ended; two messages wait. */
function rowsOfThen(): string[] {
  const run = (n: number, status: string, waitingFor: string, endedAt: string) =>
    `insert into sessions (id, project_id, title, created_by, created_at, updated_at, run_id) values ('ses_${n}', 'prj_1', 'S', 'usr_1', 1, 1, 'run_${n}');
     insert into runs (id, project_id, session_id, agent_id, caused_by, status, waiting_for, usage, created_at, ended_at)
       values ('run_${n}', 'prj_1', 'ses_${n}', 'builder', 'usr_1', '${status}', ${waitingFor}, ${usage}, 1, ${endedAt})`
  const step = (id: string, run: number, turn: number, kind: string, status: string, more = 'null, null') =>
    `insert into steps (id, run_id, turn, index, kind, item_id, name, status, created_at, finished_at, result, approval_id)
       values ('${id}', 'run_${run}', ${turn}, ${kind === 'model' ? 0 : 1}, '${kind}', 'itm_${id}', 'x', '${status}', 1, ${status === 'waiting' ? 'null' : '2'}, ${more})`
  return [
    `insert into users (id, email, name, password_hash, admin, created_at) values ('usr_1', 'ada@example.org', 'Ada', '-', true, 1)`,
    `insert into projects (id, name, created_by, created_at, updated_at) values ('prj_1', 'Garden', 'usr_1', 1, 1)`,
    ...run(1, 'waiting', `'{"kind":"approval","approvalIds":["apr_1"]}'`, 'null').split(';'),
    ...run(2, 'waiting', `'{"kind":"question","itemId":"itm_q"}'`, 'null').split(';'),
    ...run(3, 'paused', `'{"kind":"control"}'`, 'null').split(';'),
    ...run(4, 'completed', 'null', '5').split(';'),
    step('m1', 1, 1, 'model', 'ok'),
    step('m2', 1, 2, 'model', 'ok'),
    step('t1', 1, 2, 'tool', 'waiting', `null, 'apr_1'`),
    step('t2', 2, 1, 'tool', 'waiting', `'{"questionItemId":"itm_q"}', null`),
    step('t3', 3, 1, 'tool', 'waiting', `'{"waitsFor":"control"}', null`),
    step('m4', 4, 1, 'model', 'ok'),
    `insert into queued_messages (id, session_id, author_id, text, mode, created_at) values ('itm_1', 'ses_1', 'usr_1', 'one', 'queue', 1)`,
    `insert into queued_messages (id, session_id, author_id, text, mode, created_at) values ('itm_2', 'ses_2', 'usr_1', 'two', 'steer', 2)`,
  ]
}

describeOnDatabases('runs as they were before their waits were rows, on %s', (kind) => {
  test('what waits waits still, messages are for the agent that was there, and what was used is the same', async () => {
    const { database, drop } = await openDatabaseOfThen(kind, '0014_attempts', rowsOfThen())
    try {
      const { db } = database
      const waitsOf = async (id: string) => waitingForOf((await openWaits(db, id as RunId)).map(({ subject }) => subject))
      expect(await waitsOf('run_1')).toEqual({ kind: 'approval', approvalIds: ['apr_1'] })
      expect(await waitsOf('run_2')).toEqual({ kind: 'question', itemId: 'itm_q' })
      expect(await waitsOf('run_3')).toEqual({ kind: 'control' })
      expect(await waitsOf('run_4')).toBeNull()
      expect(await database.rows(sql`select id from steps where status = 'waiting' and result is not null`)).toEqual([])
      const used = { inputTokens: 1000, outputTokens: 70 }
      expect(await usageOf(db, 'run_1' as RunId)).toMatchObject({ ...used, contextTokens: 600, budgetUsedPct: 0.3 })
      expect(await usageOf(db, 'run_4' as RunId)).toMatchObject(used)
      expect((await listQueue(db, 'ses_2' as SessionId)).map(({ agentId, text }) => [agentId, text])).toEqual([['builder', 'two']])
      const [run] = await activeRuns(db, 'ses_1' as SessionId)
      expect(run).toMatchObject({ agentName: 'Builder', agentVersion: null, parentRunId: null, trigger: { kind: 'message' } })
      expect(await activeRuns(db, 'ses_4' as SessionId)).toEqual([])
    } finally {
      await drop()
    }
  })
})
