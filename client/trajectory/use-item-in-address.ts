import { useEffect } from 'react'
import type { ItemId } from '#shared/base/ids.ts'
import { itemInAddress } from './item-actions.ts'

/** An address with an item leads to it, also later. `show` must be stable between renders. */
export function useItemInAddress(known: boolean, show: (id: ItemId) => void): void {
  useEffect(() => {
    if (!known) return
    const follow = () => {
      const id = itemInAddress(location.hash)
      if (id) show(id)
    }
    follow()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [known, show])
}
