import type { AppError } from '#shared/base/errors.ts'
import type { AgentId, ItemId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import type { RunState } from '#shared/runs/schema.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Db } from '../db/port.ts'
import type { Changes } from './changes.ts'
import type { NewItem, SessionRow } from './store.ts'

export type Person = { id: UserId; name: string }

/** What sessions ask of runs. Connected when the server is composed. */
export type RunPort = {
  /** The agents that can be addressed, the default one first. */
  agents(): Promise<{ id: AgentId; name: string }[]>
  /** The agent's run in the session that has not ended, its row held; undefined when there is none. */
  activeRun(tx: Db, session: SessionRow, agentId: AgentId): Promise<{ id: RunId } | undefined>
  /**
   * Begins a run in the transaction that stores the message which causes it. `after` belongs after the commit: it shows the
   * run and has it executed. `model`: what was chosen; the profile's own without it.
   */
  begin(
    tx: Db,
    session: SessionRow,
    agent: { id: AgentId; name: string },
    causedBy: Person,
    message: { id: ItemId; model: string | undefined },
  ): Promise<{ runId: RunId; items: NewItem[]; after(): void }>
  /** Why a message cannot name this model; undefined when it can. */
  refuseModel(model: string): Promise<AppError | undefined>
  /** A queued message was committed for this run: an interrupting one acts at once. */
  queued(runId: RunId): void
  /** Answers what the agent asked, in the transaction; the run goes on after the commit. `shown` gives then what else the document shows. */
  answered(tx: Db, session: SessionRow, question: Item & { type: 'question' }): Promise<{ items: NewItem[]; shown(): Changes; after(): void }>
  /** Ends the session's runs that are active. Idempotent. */
  cancelSession(sessionId: SessionId, by: Person): Promise<void>
  /** For leveling a document: the runs that have not ended, and those asked for; and the items of their open steps. */
  standing(sessionId: SessionId, asked: readonly RunId[]): Promise<{ runs: RunState[]; open: Item[] }>
}

/** What sessions ask of approvals, for leveling. */
export type ApprovalPort = {
  /** States by approval item's id. */
  statesOf(sessionId: SessionId, items: readonly ItemId[]): Promise<Record<string, unknown>>
}

export type { Changes, SessionChange } from './changes.ts'
