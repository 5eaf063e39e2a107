import { useEffect, useState, type RefObject } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import { markFound } from './mark-found.ts'
import { setOpened, type Opened } from './opened.ts'
import { rowOfItem } from './rows-in-view.ts'
import type { FoundItem } from './use-find.ts'

type Options = {
  list: RefObject<HTMLElement | null>
  rows: unknown
  opened: Opened
  callOf(id: ItemId): ItemId | undefined
  reveal(seq: number): Promise<HTMLElement | undefined>
}

/** The search in a conversation, while it is open: what is found is gone to, opened and marked. */
export function useFinding({ list, rows, opened, callOf, reveal }: Options) {
  const [finding, setFinding] = useState(false)
  const [found, setFound] = useState<{ query: string; match: FoundItem | undefined }>({ query: '', match: undefined })
  useEffect(() => markFound(list.current, finding ? found.query : '', found.match?.id), [finding, found, rows, list])
  return {
    finding,
    setFinding,
    onMatch(query: string, match: FoundItem | undefined) {
      setFound({ query, match })
      if (!match) return
      void reveal(match.seq).then((row) => {
        if (row?.dataset.row?.startsWith('group ')) setOpened(opened, row.dataset.row, true)
        if (row?.dataset.itemType === 'tool_call') setOpened(opened, callOf(match.id) ?? match.id, true)
        requestAnimationFrame(() => markFound(list.current, query, match.id))
      })
    },
    /** The row of what was found last; `otherwise` where nothing was. */
    foundRow: (otherwise: () => HTMLElement | undefined) => (found.match ? rowOfItem(list.current, found.match.id) : otherwise()),
  }
}
