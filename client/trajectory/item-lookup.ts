import type { RefObject } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import { focusedRow } from './use-roving.ts'

export type ItemLookup = ReturnType<typeof lookUp>

/** Which of the drawn items something on the page stands for. */
export function lookUp(items: readonly Item[], list: RefObject<HTMLElement | null>) {
  const byId = (id: string | undefined) => items.find((item) => item.id === id)
  /** An item inside a group, else that of the row. */
  const under = (target: Element | null | undefined, row: HTMLElement | null) =>
    byId(target?.closest<HTMLElement>('[data-part]')?.dataset.part) ?? byId(row?.dataset.items?.split(' ')[0])
  return {
    under,
    focused() {
      const row = focusedRow(list.current)
      const item = under(document.activeElement, row)
      return row && item ? { row, item } : undefined
    },
    /** The call that stands for a request that was approved. */
    callOf(id: ItemId): ItemId | undefined {
      const asked = byId(id)
      return asked?.type === 'approval' ? items.find((item) => item.type === 'tool_call' && item.approvalId === asked.approval.id)?.id : undefined
    },
  }
}
