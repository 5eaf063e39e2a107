import { useCallback, useMemo } from 'react'
import type * as Y from 'yjs'
import type { ItemId } from '#shared/base/ids.ts'
import { readActiveRuns, readApprovalState, sessionStates } from '#shared/sessions/doc.ts'
import { useDocValue } from '../sync/use-document.ts'
import { makersByRun } from './makers.ts'
import { rowsOf } from './rows.ts'
import type { useItems } from './use-items.ts'

type Items = Pick<ReturnType<typeof useItems>, 'items' | 'held' | 'live' | 'view' | 'last'>

const activeIds = (doc: Y.Doc) => readActiveRuns(doc).map(({ id }) => id)

/** The rows that are drawn, and whether a run goes on. */
export function useRows(doc: Y.Doc, { items, held, live, view, last }: Items, readUpTo: number | undefined) {
  const active = useDocValue(doc, activeIds, sessionStates)
  const statuses = useDocValue(
    doc,
    useCallback((from: Y.Doc) => items.flatMap((item) => (item.type === 'approval' ? [readApprovalState(from, item.id)?.status] : [])), [items]),
    sessionStates,
  )
  const makers = useMemo(() => makersByRun(items, held), [items, held])
  const rows = useMemo(() => {
    const asked = items.filter((item) => item.type === 'approval').map((item) => item.id)
    const approvalStatus = (id: ItemId) => statuses[asked.indexOf(id)]
    const isActive = (runId: string | undefined) => active.some((id) => id === runId)
    return rowsOf(items, view.to === last ? live : [], { readUpTo, isActive, approvalStatus, makers: (runId) => makers.get(runId) })
  }, [items, live, view.to, last, readUpTo, active, statuses, makers])
  return { rows, running: active.length > 0 }
}
