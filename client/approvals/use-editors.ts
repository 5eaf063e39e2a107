import { useCallback, useContext, useEffect } from 'react'
import type { ApprovalId } from '#shared/base/ids.ts'
import { PresenceContext, usePresentPart } from '../sync/use-presence.ts'

/** Who else in the room edits a request, by name, and the way to tell the room that one does so oneself. */
export function useEditors(id: ApprovalId): { editors: readonly string[]; onEditing(editing: boolean): void } {
  const { awareness } = useContext(PresenceContext)
  const editors = usePresentPart((present) => present.filter((one) => !one.self && one.editing?.approval === id).map((one) => one.user.name))
  const onEditing = useCallback((editing: boolean) => awareness?.setLocalStateField('editing', editing ? { approval: id } : null), [awareness, id])
  // Nobody edits here any more once the card is gone from the page.
  useEffect(
    () => () => {
      const state = awareness?.getLocalState() as { editing?: { approval?: string } | null } | null | undefined
      if (state?.editing?.approval === id) awareness?.setLocalStateField('editing', null)
    },
    [awareness, id],
  )
  return { editors, onEditing }
}
