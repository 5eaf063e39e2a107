import type { Approval } from '#shared/approvals/schema.ts'
import type { RunId, UserId } from '#shared/base/ids.ts'
import { isHigher } from '#shared/policy/reason.ts'
import type { Risk } from '#shared/policy/reason.ts'
import type { Clock } from '../base/clock.ts'
import type { Db } from '../db/port.ts'
import { lockSession } from '../sessions/store.ts'
import * as store from './store.ts'

type Deps = {
  clock: Clock
  /** Brings the stored item level, within the transaction that changed the approval. */
  keepItem(tx: Db, approval: Approval): Promise<void>
  publish(approval: Approval): void
}

/** What people approved for all of a run. It is kept with the approval itself, so it ends with the run and outlives a crash. */
export function createGrants({ clock, keepItem, publish }: Deps) {
  return {
    /** The approval that covers a call without another question; never one of a higher risk than the one that was seen. */
    async grantFor(tx: Db, runId: RunId, call: { tool: string; risk: Risk }): Promise<Approval | undefined> {
      return (await store.grantsOfRun(tx, runId, call.tool)).find(({ risk }) => !isHigher(call.risk, risk))
    },

    /** In a transaction: calls of the tool in this run ask again. Undefined when nothing was granted; `after` belongs after the commit. */
    async endGrants(tx: Db, runId: RunId, tool: string, by: { id: UserId; name: string }): Promise<{ after(): void } | undefined> {
      const ended: Approval[] = []
      const granted = await store.grantsOfRun(tx, runId, tool)
      // Before the approvals themselves, as every decision does it.
      if (granted[0]) await lockSession(tx, granted[0].sessionId)
      for (const approval of granted) {
        const grantEnded = { at: clock.now(), by: by.id, name: by.name }
        await store.endGrant(tx, approval.id, grantEnded)
        ended.push({ ...approval, grantEnded })
        await keepItem(tx, { ...approval, grantEnded })
      }
      if (ended.length === 0) return undefined
      return {
        after() {
          for (const approval of ended) publish(approval)
        },
      }
    },
  }
}
