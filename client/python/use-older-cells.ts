import { useState } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import { pythonCalls } from '#shared/python/api.ts'
import type { Cell } from '#shared/python/schema.ts'
import { call } from '../api/api.ts'
import { notify } from '../ui/notify.ts'
import { describeError } from '../api/describe-error.ts'

/** Cells before the window that the document holds, page by page. */
export function useOlderCells(projectId: ProjectId, firstHeld: number | undefined) {
  const [pages, setPages] = useState<{ cells: Cell[]; loading: boolean }>({ cells: [], loading: false })
  // What moved out of the window meanwhile is neither here nor there: it is asked for again.
  const cells = pages.cells.filter((cell) => firstHeld === undefined || cell.seq < firstHeld)
  const before = cells[0]?.seq ?? firstHeld
  return {
    cells,
    loading: pages.loading,
    more: before !== undefined && before > 1,
    load() {
      if (before === undefined) return
      setPages((now) => ({ ...now, loading: true }))
      call(pythonCalls.listCells, { params: { id: projectId }, query: { before, limit: 50 } }).then(
        (page) => setPages((now) => ({ cells: [...page.cells.toReversed(), ...now.cells], loading: false })),
        (error: unknown) => {
          setPages((now) => ({ ...now, loading: false }))
          notify.error(describeError(error))
        },
      )
    },
  }
}
