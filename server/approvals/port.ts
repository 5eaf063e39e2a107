import type { Approval } from '#shared/approvals/schema.ts'
import type { RunId, UserId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Db } from '../db/port.ts'
import type { Changes } from '../sessions/port.ts'
import type { NewItem, SessionRow } from '../sessions/store.ts'

/** Who acts on an approval. `key`: the name of the key that does it for them. */
export type By = { id: UserId; name: string; role: Role; key?: string }

/** What was committed of one: `shown` gives what else the session shows, `after` goes on. */
export type Shown = { approval: Approval; stored: Item[]; shown?(): Changes; after?(): void }

/** Arguments of a call, and what a call with them would do, in a line and graded. */
export type CheckedArgs = { args: unknown } & Pick<Approval, 'title' | 'risk' | 'reasons'>

/**
 * What approvals ask of runs. Connected when the server is composed. `shown` and `after` belong after the commit: what the session shows with it,
 * and what goes on.
 */
export type ApprovalRuns = {
  /** @throws AppError `invalid_input` when these are no arguments of the tool. Gives them with what they come to. */
  checkArgs(runId: RunId, tool: string, args: unknown): Promise<CheckedArgs>
  /**
   * In the transaction that settles an approval: its step is freed or ended, the run goes on after the commit. `held`: what was
   * approved does not begin now, because the run is paused or waits for something before it.
   */
  settled(tx: Db, session: SessionRow, approval: Approval): Promise<{ items: NewItem[]; held: boolean; shown(): Changes; after(): void }>
  /** In the transaction that reopens an approval: its step waits again. Undefined when it has begun or ended. */
  takenBack(tx: Db, session: SessionRow, approval: Approval): Promise<{ shown(): Changes } | undefined>
  /** In one transaction: a run that begins with the same call; a message to the agent (no `runId`) while a run goes on. */
  reRequest(
    tx: Db,
    session: SessionRow,
    approval: Approval,
    by: { id: UserId; name: string },
    text: string | undefined,
  ): Promise<{ items: NewItem[]; runId?: RunId; shown?(): Changes; after(): void }>
}
