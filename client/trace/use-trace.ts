import { useMemo } from 'react'
import type * as Y from 'yjs'
import type { ItemId } from '#shared/base/ids.ts'
import { RunState } from '#shared/runs/schema.ts'
import { readApprovalState, readItems, readLive, sessionItems, sessionLive, sessionStates } from '#shared/sessions/doc.ts'
import { useDocValue } from '../sync/use-document.ts'
import { tracedRuns, type TracedRun } from './steps.ts'

const readStates = (doc: Y.Doc) =>
  [...sessionStates(doc).entries()].filter(([id]) => id.startsWith('run_')).flatMap(([, state]) => RunState.safeParse(state).data ?? [])
const readApprovals = (doc: Y.Doc) =>
  new Map([...sessionStates(doc).keys()].filter((id) => id.startsWith('itm_')).map((id) => [id, readApprovalState(doc, id as ItemId)]))
const approvalsAsList = (doc: Y.Doc) => [...readApprovals(doc)]
const readLiveItems = (doc: Y.Doc) => readLive(doc).map((live) => live.item)

/** The runs of a session and their steps, as they are now. */
export function useTrace(doc: Y.Doc): readonly TracedRun[] {
  const items = useDocValue(doc, readItems, sessionItems)
  const live = useDocValue(doc, readLiveItems, sessionLive)
  const runs = useDocValue(doc, readStates, sessionStates)
  const approvals = useDocValue(doc, approvalsAsList, sessionStates)
  return useMemo(() => {
    const states = new Map(approvals)
    return tracedRuns({ items: [...items, ...live], runs, approvalOf: (id) => states.get(id) })
  }, [items, live, runs, approvals])
}
