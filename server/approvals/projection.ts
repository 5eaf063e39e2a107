import type * as Y from 'yjs'
import type { Approval } from '#shared/approvals/schema.ts'
import { projectLimits } from '#shared/projects/doc.ts'

/** The `approvals` map of `project/<id>`: pending ones only. */
const map = (doc: Y.Doc) => doc.getMap<Approval>('approvals')

export function showApproval(doc: Y.Doc, approval: Approval): void {
  const held = map(doc)
  if (approval.status !== 'pending') {
    if (held.has(approval.id)) held.delete(approval.id)
  } else if (held.has(approval.id) || held.size < projectLimits.approvals) held.set(approval.id, approval)
}

/** Makes the map hold exactly these. */
export function levelApprovals(doc: Y.Doc, pending: readonly Approval[]): void {
  const held = map(doc)
  const wanted = new Set<string>(pending.map((approval) => approval.id))
  for (const id of held.keys()) if (!wanted.has(id)) held.delete(id)
  for (const approval of pending) {
    if (JSON.stringify(held.get(approval.id)) !== JSON.stringify(approval)) held.set(approval.id, approval)
  }
}
