import { sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, boolean, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import type { AgentId, ApprovalId, ItemId, RunId, StepId, UserId, WaitId } from '#shared/base/ids.ts'
import type { RunStatus, Trigger } from '#shared/runs/schema.ts'
import type { WaitOutcome, WaitSubject } from './wait.ts'
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
    /** As it was called when the run began. */
    agentName: text('agent_name').notNull(),
    /** Of the agent, as it was when the run began; null in runs of before this was kept. */
    agentVersion: text('agent_version'),
    /** The run that began it. */
    parentRunId: text('parent_run_id')
      .$type<RunId>()
      .references((): AnyPgColumn => runs.id, { onDelete: 'set null' }),
    trigger: jsonb('trigger').$type<Trigger>().notNull().default({ kind: 'message' }),
    causedBy: text('caused_by')
      .$type<UserId>()
      .notNull()
      .references(() => users.id),
    status: text('status').$type<RunStatus>().notNull(),
    version: integer('version').notNull().default(0),
    /** A person asked to pause: honoured after the current step. */
    pauseRequested: boolean('pause_requested').notNull().default(false),
    turn: integer('turn').notNull().default(0),
    /** What it answers with; null before its first turn, where nobody chose. */
    model: text('model'),
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
  (table) => [
    index('runs_session').on(table.sessionId, table.createdAt),
    index('runs_status').on(table.status),
    index('runs_parent').on(table.parentRunId),
    index('runs_active')
      .on(table.sessionId)
      .where(sql`${table.endedAt} is null`),
    // One run of an agent goes on in a session, beside those that another run began there.
    uniqueIndex('runs_one_an_agent')
      .on(table.sessionId, table.agentId)
      .where(sql`${table.endedAt} is null and ${table.parentRunId} is null`),
  ],
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
    /** Who caused it: of a call, whoever caused its run. Null in steps of before this was kept. */
    causedBy: text('caused_by').$type<UserId>(),
    /** Tokens of a model call: what was sent, how much of that the service had kept, what came, how much of that was thought. */
    inputTokens: integer('input_tokens'),
    cachedTokens: integer('cached_tokens'),
    outputTokens: integer('output_tokens'),
    reasoningTokens: integer('reasoning_tokens'),
    /** In millionths of a dollar; null where no price is known. */
    costMicroUsd: bigint('cost_micro_usd', { mode: 'number' }),
    /** What the model could have been sent at most, in tokens. */
    contextWindow: integer('context_window'),
    createdAt: epochMs('created_at').notNull(),
    startedAt: epochMs('started_at'),
    finishedAt: epochMs('finished_at'),
  },
  (table) => [unique('steps_place').on(table.runId, table.turn, table.index), index('steps_run').on(table.runId)],
)

/**
 * What runs wait for. `resume` ends a wait once, from any process; what came of it stays. While a call waits its row here is open, and
 * nothing is held in memory.
 */
export const waits = pgTable(
  'waits',
  {
    id: text('id').$type<WaitId>().primaryKey(),
    runId: text('run_id')
      .$type<RunId>()
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** The call that waits. */
    stepId: text('step_id')
      .$type<StepId>()
      .notNull()
      .references(() => steps.id, { onDelete: 'cascade' }),
    subject: jsonb('subject').$type<WaitSubject>().notNull(),
    createdAt: epochMs('created_at').notNull(),
    /** When it ends by itself. */
    dueAt: epochMs('due_at'),
    resolvedAt: epochMs('resolved_at'),
    outcome: text('outcome').$type<WaitOutcome['kind']>(),
  },
  (table) => [
    index('waits_run').on(table.runId),
    uniqueIndex('waits_open')
      .on(table.stepId)
      .where(sql`${table.resolvedAt} is null`),
    index('waits_due')
      .on(table.dueAt)
      .where(sql`${table.resolvedAt} is null and ${table.dueAt} is not null`),
  ],
)
