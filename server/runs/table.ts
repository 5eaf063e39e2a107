import { bigint, boolean, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { AgentId, ApprovalId, ItemId, RunId, StepId, UserId } from '#shared/base/ids.ts'
import type { RunStatus, RunUsage, WaitingFor } from '#shared/runs/schema.ts'
import { users } from '../auth/table.ts'
import { epochMs } from '../db/columns.ts'
import { projectRef } from '../projects/table.ts'
import { sessionRef } from '../sessions/table.ts'

/** The truth about runs. `version` grows with every change of state: transitions are compare-and-set on it. */
export const runs = pgTable(
  'runs',
  {
    id: text('id').$type<RunId>().primaryKey(),
    projectId: projectRef(),
    sessionId: sessionRef(),
    agentId: text('agent_id').$type<AgentId>().notNull(),
    causedBy: text('caused_by')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    status: text('status').$type<RunStatus>().notNull(),
    version: integer('version').notNull().default(0),
    waitingFor: jsonb('waiting_for').$type<WaitingFor>(),
    /** A person asked to pause: honoured after the current step. */
    pauseRequested: boolean('pause_requested').notNull().default(false),
    turn: integer('turn').notNull().default(0),
    /** What it answers with; null before its first turn, where nobody chose. */
    model: text('model'),
    usage: jsonb('usage').$type<RunUsage>().notNull(),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    /** The request that accepted what it was begun for, and when; null in runs of before this was kept. */
    requestId: text('request_id'),
    acceptedAt: epochMs('accepted_at'),
    /** Grows each time its room's owner takes it up: whoever executed it before changes nothing any more. */
    epoch: bigint('epoch', { mode: 'number' }).notNull().default(0),
    createdAt: epochMs('created_at').notNull(),
    startedAt: epochMs('started_at'),
    endedAt: epochMs('ended_at'),
  },
  (table) => [index('runs_session').on(table.sessionId, table.createdAt), index('runs_status').on(table.status)],
)

/**
 * One recorded model call or tool call. A tool's row is written before the tool runs; `outcome unknown` after a crash is a
 * row with `startedAt` and without `finishedAt`.
 */
export const steps = pgTable(
  'steps',
  {
    id: text('id').$type<StepId>().primaryKey(),
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    turn: integer('turn').notNull(),
    index: integer('index').notNull(),
    kind: text('kind').$type<'model' | 'tool'>().notNull(),
    /** The item that shows it. */
    itemId: text('item_id').$type<ItemId>().notNull(),
    /** The model's id of a tool call. */
    callId: text('call_id'),
    name: text('name').notNull(),
    args: jsonb('args').$type<unknown>(),
    status: text('status').$type<'queued' | 'waiting' | 'running' | 'ok' | 'failed' | 'cancelled' | 'denied'>().notNull(),
    result: jsonb('result').$type<unknown>(),
    error: jsonb('error').$type<{ code: string; message: string }>(),
    approvalId: text('approval_id').$type<ApprovalId>(),
    createdAt: epochMs('created_at').notNull(),
    startedAt: epochMs('started_at'),
    finishedAt: epochMs('finished_at'),
  },
  (table) => [unique('steps_place').on(table.runId, table.turn, table.index), index('steps_run').on(table.runId)],
)
