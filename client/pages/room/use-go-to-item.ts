import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import type { RoomSearch } from '../../routes.tsx'

/** Shows an item of the open session: the conversation follows the address. Where it is not shown it is opened at that place. */
export function useGoToItem(narrow: boolean): (id: ItemId) => void {
  const navigate = useNavigate()
  return useCallback(
    (id) => {
      const tell = () => window.dispatchEvent(new HashChangeEvent('hashchange'))
      if (narrow) {
        const search = (before: RoomSearch): RoomSearch => ({ ...before, pane: 'talk' })
        void navigate({ to: '.', search, hash: id, replace: true }).then(tell)
      } else if (location.hash === `#${id}`) tell()
      else location.hash = id
    },
    [navigate, narrow],
  )
}
